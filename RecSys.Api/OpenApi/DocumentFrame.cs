using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.OpenApi;

/// <summary>
/// What stands around the routes: title, tokens, parts of the API. The document is the same on every server of a version, so that it can
/// be compared: no address, and everything in a fixed order.
/// </summary>
internal sealed class DocumentFrame : IOpenApiDocumentTransformer
{
    /// <summary>Name of the way to sign requests.</summary>
    public const string Scheme = "bearer";

    // What the framework calls problems; ReplyDocumentation has put the server's own in their place.
    private static readonly string[] Replaced = ["ProblemDetails", "HttpValidationProblemDetails"];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "RecSys",
            Version = "1",
            Description = "Two-stage recommendations over HTTP. Names are in snake_case, times in RFC 3339 with a zone. A field or a "
                + "parameter that does not exist is refused by naming those that do. Errors are problem details (RFC 9457). Replies may "
                + "get further fields in later versions; what is here stays.",
            License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [];
        document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = $"An access token (RFC 9068) of the issuer that the server is set up for, with the claims sub and scope. Scopes: "
                + $"{string.Join(", ", Scopes.All)}.",
        });
        var used = document.Paths.Values
            .SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []).SelectMany(operation => operation.Tags!)
            .Select(tag => tag.Name).ToHashSet(StringComparer.Ordinal);
        document.Tags = new HashSet<OpenApiTag>(DocumentTags.All.Where(tag => used.Contains(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(entry => entry.Key, StringComparer.Ordinal)) paths.Add(path, item);
        document.Paths = paths;
        if (document.Components?.Schemas is { } schemas)
        {
            document.Components.Schemas = schemas.Where(entry => !Replaced.Contains(entry.Key))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(entry => entry.Key, entry => entry.Value);
            foreach (var schema in document.Components.Schemas.Values) DocumentTexts.Tidy(schema);
        }
        return Task.CompletedTask;
    }
}
