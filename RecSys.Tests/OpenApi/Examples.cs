using System.Text.Json.Nodes;
using System.Web;
using RecSys.Api.OpenApi;

namespace RecSys.Tests.OpenApi;

/// <summary>The examples of the document, as the calls of the page give them.</summary>
internal static class Examples
{
    // Longer arrays show nothing more.
    private const int MostElements = 2;

    // What lets somebody in, or names a machine.
    private static readonly Dictionary<string, string> Told = new()
    {
        ["token"] = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJtYXJpYSJ9.c2lnbmF0dXJl",
        ["csrf"] = "0123456789abcdef0123456789abcdef",
        ["code_commit"] = "0123456789abcdef0123456789abcdef01234567",
        ["commit"] = "0123456789abcdef0123456789abcdef01234567",
    };

    /// <summary>The file, by the calls that were made.</summary>
    public static string Of(ApiDocument document, IReadOnlyList<ApiCall> calls)
    {
        var examples = new JsonObject();
        foreach (var operation in document.Operations.OrderBy(each => each.Id, StringComparer.Ordinal))
        {
            if (Find(document, operation, calls) is { } call) examples[operation.Id] = Of(operation, call);
        }
        return DocumentText.Of(examples.ToJsonString());
    }

    /// <summary>The call that shows an operation: the first below its own heading; null where nobody calls it.</summary>
    public static ApiCall? Find(ApiDocument document, ApiOperation operation, IReadOnlyList<ApiCall> calls) => calls
        .Where(call => document.Find(call.Method, call.Path)?.Id == operation.Id)
        .OrderBy(call => !call.IsBelow(operation)).FirstOrDefault();

    private static JsonObject Of(ApiOperation operation, ApiCall call)
    {
        var parameters = new JsonObject();
        var (path, query) = (operation.Match(call.Path), HttpUtility.ParseQueryString(call.Target.Query));
        foreach (var parameter in operation.Parameters)
        {
            var name = parameter["name"]!.GetValue<string>();
            var text = path.Groups[name] is { Success: true } group ? Uri.UnescapeDataString(group.Value) : query[name];
            if (text is not null) parameters[name] = Typed(text, parameter["schema"]!);
        }
        var body = operation.Request?.Key == "application/json" ? call.RequestBody : call.RequestBody?.Split('\n')[0];
        return new JsonObject
        {
            ["parameters"] = parameters,
            ["request"] = body is null ? null : JsonNode.Parse(body),
            ["status"] = call.Status,
            ["reply"] = call.Json is { } reply ? Short(reply) : null,
        };
    }

    private static JsonNode Typed(string text, JsonNode schema) => schema["type"]?.ToString() is "integer" or "boolean"
        ? JsonNode.Parse(text)! : text;

    private static JsonNode? Short(JsonNode? node) => node switch
    {
        JsonArray array => new JsonArray([.. array.Take(MostElements).Select(Short)]),
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key,
            field.Value is JsonValue && Told.TryGetValue(field.Key, out var told) ? told : Short(field.Value)))),
        _ => node?.DeepClone(),
    };
}
