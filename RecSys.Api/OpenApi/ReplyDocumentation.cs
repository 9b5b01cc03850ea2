using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.OpenApi;

/// <summary>
/// Says of every route what a token needs, which refusals its place in the pipeline brings along, to which part of the API it belongs, and
/// what a reply looks like.
/// </summary>
internal sealed class ReplyDocumentation(DocumentExamples examples) : IOpenApiOperationTransformer
{
    private const string Problem = "Problem";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        operation.Tags = new HashSet<OpenApiTagReference> { new(DocumentTags.Of(context.Description.RelativePath!), document) };
        operation.Responses ??= [];
        foreach (var status in Refusals(operation, metadata))
        {
            operation.Responses.TryAdd(
                status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(status) });
        }
        var ordered = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            ordered.Add(status, response);
        operation.Responses = ordered;
        Secure(operation, metadata, document);

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), cancellationToken: cancellationToken);
        foreach (var (status, response) in operation.Responses)
        {
            if (response is not OpenApiResponse { Content: var content } refused) continue;
            foreach (var (type, body) in content ?? Enumerable.Empty<KeyValuePair<string, OpenApiMediaType>>())
            {
                // Lines, pages and streams: clients hand them on as they come.
                if (!type.EndsWith("json", StringComparison.Ordinal)) body.Schema = Bytes();
            }
            if (status[0] < '4') continue;
            // A server that stops answers /readyz with 503 and the same body as before.
            if (content is { Count: > 0 } && !content.ContainsKey(Problems.ContentType)) continue;
            refused.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.ContentType] = new() { Schema = SchemaReferences.To(document, Problem, problem) },
            };
            if (status is "429" or "503") refused.Headers = RetryAfter();
        }
        if (examples.Of(operation.OperationId) is not { Reply: { } reply } example) return;
        if (operation.Responses.GetValueOrDefault(example.Status.ToString(CultureInfo.InvariantCulture)) is OpenApiResponse answered)
        {
            foreach (var body in answered.Content?.Values ?? []) body.Example = reply.DeepClone();
        }
    }

    private static IEnumerable<int> Refusals(OpenApiOperation operation, IList<object> metadata)
    {
        var body = metadata.OfType<AcceptedBody>().LastOrDefault();
        if (body is not null || operation.Parameters is { Count: > 0 }) yield return StatusCodes.Status400BadRequest;
        if (!IsOpen(metadata))
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }
        if (body is not null)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
        if (LimitsSetup.OperationOf(metadata) == OperationClass.None) yield break;
        yield return StatusCodes.Status429TooManyRequests;
        yield return StatusCodes.Status503ServiceUnavailable;
    }

    private static void Secure(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        if (IsOpen(metadata))
        {
            operation.Security = [];
            operation.Description ??= "Needs no token.";
            return;
        }
        string[] scopes = [.. metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct()];
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentFrame.Scheme, document)] = [.. scopes] },
        ];
        operation.Description ??= scopes.Length == 0
            ? "Needs a token of the user concerned, or one with the scope for such data."
            : $"Needs a token with the scope {string.Join(" and ", scopes)}; admin may do it, too.";
    }

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static bool IsOpen(IList<object> metadata) => metadata.OfType<IAllowAnonymous>().Any();

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds to wait before the next try.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" },
        },
    };
}
