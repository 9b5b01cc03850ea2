using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Labels of gorse: words in an array, or an object of named values, which may have further objects in it. Arrays of numbers, as embeddings
/// are, have no place here and are left out.
/// </summary>
internal static class GorseLabels
{
    private const int MostDeep = 8;

    /// <summary>Reads the field <c>Labels</c>.</summary>
    /// <returns>All words, however deep, and the values by name, those of inner objects as <c>outer.inner</c>.</returns>
    /// <exception cref="RowException">They lie too deep, or have half of a surrogate pair.</exception>
    internal static (IReadOnlyList<string> Texts, Dictionary<string, AttributeValue> Fields) Read(JsonObject row)
    {
        var fields = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (row.Find("Labels") is not { } labels) return ([], fields);
        var texts = row.LabelTexts("Labels").Distinct().ToList();
        if (labels.ValueKind == JsonValueKind.Object) Add(fields, "", labels, 0);
        return (texts, fields);
    }

    private static void Add(Dictionary<string, AttributeValue> fields, string prefix, JsonElement json, int depth)
    {
        if (depth == MostDeep) throw new RowException($"Labels has objects within each other, more than {MostDeep} deep");
        foreach (var property in json.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object) Add(fields, name + ".", property.Value, depth + 1);
            else if (Value(property.Value) is { } value) fields[name] = value;
        }
    }

    private static AttributeValue? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => AttributeValue.OfJsonString(json.GetString()!),
        JsonValueKind.Number when json.TryGetDouble(out var number) && double.IsFinite(number) => AttributeValue.Of(number),
        JsonValueKind.True or JsonValueKind.False => (AttributeValue?)AttributeValue.Of(json.GetBoolean()),
        JsonValueKind.Array when json.GetArrayLength() > 0
            && json.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String) =>
            AttributeValue.Of(json.EnumerateArray().Select(element => element.GetString()!)),
        _ => null,
    };
}
