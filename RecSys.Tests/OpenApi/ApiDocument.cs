using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace RecSys.Tests.OpenApi;

/// <summary>An OpenAPI document, to be asked what it says of a request or a reply.</summary>
internal sealed class ApiDocument
{
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly Lazy<JsonObject> definitions;

    public ApiDocument(JsonNode json)
    {
        Json = json;
        Operations =
        [
            .. json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Select(each => new ApiOperation(each.Key.ToUpperInvariant(), path.Key, each.Value!.AsObject()))),
        ];
        definitions = new Lazy<JsonObject>(Closed);
    }

    public JsonNode Json { get; }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>The operation of a request; null where the document has none.</summary>
    public ApiOperation? Find(string method, string path) => Operations.Where(each => each.Method == method && each.Matches(path))
        .OrderBy(each => each.Path.Count(c => c == '{')).ThenByDescending(each => each.Path.Length).FirstOrDefault();

    /// <summary>What about a value is not as its schema says; empty when all is. Fields that the schema does not know count.</summary>
    public IReadOnlyList<string> Faults(JsonNode schema, JsonNode? value)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$defs"] = definitions.Value.DeepClone(),
            ["allOf"] = new JsonArray(Local(schema)),
        };
        var found = JsonSchema.FromText(whole.ToJsonString()).Evaluate(JsonSerializer.SerializeToElement(value), Strict);
        if (found.IsValid) return [];
        string[] faults =
        [
            .. (found.Details ?? []).Where(detail => detail.Errors is not null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value}")),
        ];
        return faults.Length > 0 ? faults : ["is not valid"];
    }

    // References within one schema, and objects that have what they say and no more.
    private JsonObject Closed()
    {
        var closed = new JsonObject();
        foreach (var (name, schema) in Json["components"]!["schemas"]!.AsObject())
        {
            var copy = Local(schema!);
            if (copy["properties"] is not null && copy["additionalProperties"] is null) copy["additionalProperties"] = false;
            closed[name] = copy;
        }
        return closed;
    }

    private static JsonNode Local(JsonNode schema) =>
        JsonNode.Parse(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;
}

/// <summary>One operation of the document.</summary>
internal sealed partial record ApiOperation(string Method, string Path, JsonObject Json)
{
    public string Id => Json["operationId"]!.GetValue<string>();

    public IEnumerable<JsonNode> Parameters => Json["parameters"]?.AsArray().Select(parameter => parameter!) ?? [];

    /// <summary>The request's type of content and its description; null for none.</summary>
    public KeyValuePair<string, JsonNode?>? Request => Json["requestBody"]?["content"]?.AsObject().First();

    /// <summary>What it says of a reply of a status and type; null for nothing.</summary>
    public JsonNode? Reply(int status, string? type) =>
        type is null ? null : Json["responses"]?[status.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["content"]?[type];

    public bool Has(int status) => Json["responses"]?[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] is not null;

    /// <summary>Values of the parameters of a path.</summary>
    public Match Match(string path) => Regex.Match(path.TrimEnd('/'), Pattern(Path), RegexOptions.CultureInvariant);

    public bool Matches(string path) => Match(path).Success;

    /// <summary>A route's address as an expression over addresses.</summary>
    public static string Pattern(string route) => "^" + Parameter().Replace(route.TrimEnd('/'), part =>
        part.Groups["rest"].Success ? "(?<" + part.Groups["name"].Value + ">.*)" : "(?<" + part.Groups["name"].Value + ">[^/:]+)") + "$";

    [GeneratedRegex(@"\{(?<rest>\*\*)?(?<name>[a-z_]+)(:[a-z]+)?\}")]
    private static partial Regex Parameter();
}
