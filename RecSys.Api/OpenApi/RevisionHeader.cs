using Microsoft.OpenApi;

namespace RecSys.Api.OpenApi;

/// <summary>Says of a route that it reads the header <c>If-Match</c>: a change is made only while the revision is that one.</summary>
internal sealed record RevisionHeader
{
    public static IOpenApiParameter Parameter() => new OpenApiParameter
    {
        Name = "If-Match",
        In = ParameterLocation.Header,
        Description = "ETag of GET /models/{version}: 409 when somebody was faster.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^\"[0-9]+\"$" },
    };
}
