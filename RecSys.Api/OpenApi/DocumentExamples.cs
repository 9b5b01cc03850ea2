using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;

namespace RecSys.Api.OpenApi;

/// <summary>
/// The examples of the OpenAPI document, by operation. They lie in the program and are what a server answered to the calls of
/// <c>docs/api.md</c>; a test writes them anew.
/// </summary>
internal sealed class DocumentExamples
{
    /// <summary>Name of the resource.</summary>
    public const string Resource = "openapi/examples.json";

    private readonly FrozenDictionary<string, OperationExample> examples;

    public DocumentExamples()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        examples = ((JsonObject)JsonNode.Parse(stream)!)
            .ToFrozenDictionary(entry => entry.Key, entry => OperationExample.Of(entry.Value!), StringComparer.Ordinal);
    }

    /// <summary>The example of an operation; null where there is none.</summary>
    public OperationExample? Of(string? operation) => operation is null ? null : examples.GetValueOrDefault(operation);
}
