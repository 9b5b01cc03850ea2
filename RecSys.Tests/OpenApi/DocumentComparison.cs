using System.Text.Json.Nodes;

namespace RecSys.Tests.OpenApi;

/// <summary>
/// What changed from one OpenAPI document to another. Callers are taken to send what the old one allows, to read what it promises, to
/// ignore fields of replies that they do not know, and to be generated from it. Texts and examples do not count.
/// </summary>
internal sealed class DocumentComparison
{
    private readonly SchemaComparison schemas;
    private readonly List<DocumentChange> changes = [];

    private DocumentComparison(JsonNode old, JsonNode now) => schemas = new SchemaComparison(old, now, changes);

    public static IReadOnlyList<DocumentChange> Between(JsonNode old, JsonNode now)
    {
        var comparison = new DocumentComparison(old, now);
        comparison.Compare(Operations(old), Operations(now));
        return comparison.changes;
    }

    private static Dictionary<string, JsonObject> Operations(JsonNode document) => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject()
            .Select(each => ($"{each.Key.ToUpperInvariant()} {path.Key}", each.Value!.AsObject())))
        .ToDictionary(entry => entry.Item1, entry => entry.Item2);

    private void Compare(Dictionary<string, JsonObject> old, Dictionary<string, JsonObject> now)
    {
        foreach (var (name, before) in old)
        {
            if (now.TryGetValue(name, out var after)) CompareOperation(name, before, after);
            else Break($"{name}: is gone");
        }
        foreach (var name in now.Keys.Except(old.Keys)) Add($"{name}: is new");
    }

    private void CompareOperation(string name, JsonObject old, JsonObject now)
    {
        if (Text(old, "operationId") is { } id && id != Text(now, "operationId")) Break($"{name}: operationId is no longer {id}");
        CompareParameters(name, old, now);
        CompareBody(name, old["requestBody"], now["requestBody"]);
        foreach (var (status, before) in old["responses"]!.AsObject())
        {
            if (now["responses"]![status] is not { } after)
            {
                // A refusal that no longer happens is no loss.
                if (status[0] == '2') Break($"{name}: reply {status} is gone");
                continue;
            }
            CompareContent($"{name} reply {status}", before!["content"], after["content"], isReply: true);
        }
        foreach (var status in Names(now["responses"]).Except(Names(old["responses"]))) Add($"{name}: reply {status} is new");
        var scopes = Scopes(old);
        if (Scopes(now).Except(scopes).ToList() is { Count: > 0 } more) Break($"{name}: asks for {string.Join(", ", more)}");
    }

    private void CompareParameters(string name, JsonObject old, JsonObject now)
    {
        var (before, after) = (Parameters(old), Parameters(now));
        foreach (var (parameter, was) in before)
        {
            var where = $"{name} parameter {parameter}";
            if (!after.TryGetValue(parameter, out var becomes))
            {
                Break($"{where}: is gone");
                continue;
            }
            if (!IsRequired(was) && IsRequired(becomes)) Break($"{where}: is required now");
            schemas.Compare(where, was["schema"], becomes["schema"], isReply: false);
        }
        foreach (var parameter in after.Keys.Except(before.Keys))
        {
            if (IsRequired(after[parameter])) Break($"{name} parameter {parameter}: is new and required");
            else Add($"{name} parameter {parameter}: is new");
        }
    }

    private void CompareBody(string name, JsonNode? old, JsonNode? now)
    {
        var where = $"{name} body";
        if (old is null && now is not null && IsRequired(now)) Break($"{where}: is required now");
        else if (old is null && now is not null) Add($"{where}: is new");
        else if (old is not null && now is null) Break($"{where}: is gone");
        if (old is null || now is null) return;
        if (!IsRequired(old) && IsRequired(now)) Break($"{where}: is required now");
        CompareContent(where, old["content"], now["content"], isReply: false);
    }

    private void CompareContent(string where, JsonNode? old, JsonNode? now, bool isReply)
    {
        foreach (var type in Names(old))
        {
            if (now?[type] is { } after) schemas.Compare($"{where} {type}", old![type]!["schema"], after["schema"], isReply);
            else Break($"{where}: is no longer {type}");
        }
        foreach (var type in Names(now).Except(Names(old))) Add($"{where}: may be {type}");
    }

    private static Dictionary<string, JsonNode> Parameters(JsonObject operation) =>
        (operation["parameters"]?.AsArray() ?? []).ToDictionary(each => $"{Text(each!, "name")} ({Text(each!, "in")})", each => each!);

    private static IEnumerable<string> Scopes(JsonObject operation) => (operation["security"]?.AsArray() ?? [])
        .SelectMany(each => each!.AsObject())
        .SelectMany(scheme => scheme.Value!.AsArray().Select(scope => scope!.GetValue<string>()).Prepend(scheme.Key));

    private static IEnumerable<string> Names(JsonNode? node) => node?.AsObject().Select(entry => entry.Key) ?? [];

    private static bool IsRequired(JsonNode node) => node["required"]?.GetValue<bool>() == true;

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private void Break(string what) => changes.Add(new DocumentChange(true, what));

    private void Add(string what) => changes.Add(new DocumentChange(false, what));
}
