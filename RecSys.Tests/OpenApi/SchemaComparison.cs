using System.Globalization;
using System.Text.Json.Nodes;

namespace RecSys.Tests.OpenApi;

/// <summary>
/// What changed from one schema to another. What is sent may be described more widely afterwards, what is answered more narrowly; the
/// other way round it breaks.
/// </summary>
internal sealed class SchemaComparison(JsonNode old, JsonNode now, List<DocumentChange> changes)
{
    private static readonly string[] LowerBounds = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
    private static readonly string[] UpperBounds = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

    // Named schemas that were compared already, in each direction.
    private readonly HashSet<(string, string, bool)> compared = [];

    public void Compare(string where, JsonNode? before, JsonNode? after, bool isReply)
    {
        if (before is null || after is null)
        {
            if (before is not null && !isReply) Add($"{where}: may be anything");
            else if (before is not null || (after is not null && !isReply)) Break($"{where}: is of another type");
            return;
        }
        if (Name(before) is { } was && Name(after) is { } becomes && !compared.Add((was, becomes, isReply))) return;
        (before, after) = (Resolve(old, before), Resolve(now, after));
        CompareTypes(where, before, after, isReply);
        CompareChoices(where, before, after, isReply);
        if (!isReply) CompareBounds(where, before, after);
        CompareProperties(where, before, after, isReply);
        foreach (var part in (string[])["items", "additionalProperties"])
        {
            if (before[part] is JsonObject || after[part] is JsonObject)
                Compare($"{where} {part}", before[part] as JsonObject, after[part] as JsonObject, isReply);
        }
        foreach (var part in (string[])["oneOf", "anyOf", "allOf"])
        {
            var (some, others) = (before[part]?.AsArray() ?? [], after[part]?.AsArray() ?? []);
            if (some.Count != others.Count) Judge(some.Count < others.Count != isReply, $"{where}: {part} has {others.Count} parts now");
            foreach (var (one, other) in some.Zip(others)) Compare($"{where} {part}", one, other, isReply);
        }
    }

    private void CompareTypes(string where, JsonNode before, JsonNode after, bool isReply)
    {
        var (was, becomes) = (Types(before), Types(after));
        if (!was.SetEquals(becomes))
        {
            var (wider, narrower) = isReply ? (was, becomes) : (becomes, was);
            Judge(wider.IsSupersetOf(narrower), $"{where}: type was {Listed(was)} and is {Listed(becomes)}");
        }
        if (Text(before, "format") != Text(after, "format"))
            Break($"{where}: format was {Text(before, "format") ?? "none"} and is {Text(after, "format") ?? "none"}");
    }

    private void CompareChoices(string where, JsonNode before, JsonNode after, bool isReply)
    {
        var (was, becomes) = (Choices(before), Choices(after));
        if (was is null && becomes is null) return;
        if (was is null || becomes is null)
        {
            Judge(isReply ? was is null : becomes is null,
                $"{where}: {(was is null ? "is one of some words now" : "may be any word now")}");
            return;
        }
        foreach (var gone in was.Except(becomes)) Break($"{where}: {gone} is no longer among the words");
        foreach (var more in becomes.Except(was)) Add($"{where}: may be {more}");
    }

    private void CompareBounds(string where, JsonNode before, JsonNode after)
    {
        foreach (var bound in LowerBounds)
        {
            if (Number(after, bound) > (Number(before, bound) ?? double.NegativeInfinity)) Break($"{where}: {bound} is higher");
        }
        foreach (var bound in UpperBounds)
        {
            if (Number(after, bound) < (Number(before, bound) ?? double.PositiveInfinity)) Break($"{where}: {bound} is lower");
        }
        if (Text(after, "pattern") is { } pattern && pattern != Text(before, "pattern")) Break($"{where}: the pattern is {pattern} now");
    }

    private void CompareProperties(string where, JsonNode before, JsonNode after, bool isReply)
    {
        var (was, becomes) = (before["properties"]?.AsObject() ?? [], after["properties"]?.AsObject() ?? []);
        foreach (var (name, schema) in was)
        {
            if (becomes[name] is { } next) Compare($"{where} field {name}", schema, next, isReply);
            else Break($"{where} field {name}: is gone");
        }
        foreach (var (name, _) in becomes.Where(entry => !was.ContainsKey(entry.Key))) Add($"{where} field {name}: is new");
        var (required, then) = (Required(before), Required(after));
        if (isReply)
        {
            foreach (var name in required.Except(then).Where(becomes.ContainsKey)) Break($"{where} field {name}: may be left out now");
        }
        else
        {
            foreach (var name in then.Except(required)) Break($"{where} field {name}: is required now");
        }
    }

    private static string? Name(JsonNode schema) => Text(schema, "$ref");

    private static JsonNode Resolve(JsonNode document, JsonNode schema) => Name(schema) is { } reference
        ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;

    private static HashSet<string> Types(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        null => [],
    };

    private static HashSet<string>? Choices(JsonNode schema) =>
        schema["enum"]?.AsArray().Select(choice => choice?.ToJsonString() ?? "null").ToHashSet();

    private static HashSet<string> Required(JsonNode schema) =>
        [.. schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? []];

    private static double? Number(JsonNode schema, string name) =>
        schema[name] is { } value ? double.Parse(value.ToJsonString().Trim('"'), CultureInfo.InvariantCulture) : null;

    private static string? Text(JsonNode schema, string name) => schema[name] is JsonValue value ? value.ToString() : null;

    private static string Listed(HashSet<string> types) => types.Count == 0 ? "any" : string.Join(" or ", types.Order());

    private void Judge(bool isFine, string what) => changes.Add(new DocumentChange(!isFine, what));

    private void Break(string what) => Judge(false, what);

    private void Add(string what) => Judge(true, what);
}
