using System.Collections.Frozen;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Describes what routes say of their bodies and query parameters in the OpenAPI document. Handlers read both by hand, strictly, so that
/// the document cannot be had from their signatures alone.
/// </summary>
internal sealed class RequestDocumentation : IOpenApiOperationTransformer
{
    private static readonly FrozenDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["validate_only"] = "true: everything is checked and answered as usual, and nothing is stored.",
        ["cursor"] = "next_cursor of the page before; left out for the first page.",
        ["limit"] = "Rows of a page, 1 to 1,000; 100 when left out.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AcceptedBody>().LastOrDefault() is { Documented: { } type } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);
            if (body.IsPatch) schema.Required?.Clear();
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.IsOptional,
                Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = new() { Schema = schema } },
            };
        }
        operation.Parameters ??= [];
        foreach (var name in metadata.OfType<AcceptedQuery>().LastOrDefault()?.Names ?? [])
        {
            if (operation.Parameters.Any(parameter => parameter.Name == name)) continue;
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = Descriptions.GetValueOrDefault(name),
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }
}
