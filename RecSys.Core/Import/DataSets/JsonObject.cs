using System.Globalization;
using System.Text.Json;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>Fields of a JSON object whose names the data set fixes; absent ones and nulls are null.</summary>
internal readonly struct JsonObject(JsonElement row)
{
    internal bool Has(string name) => Find(name) is not null;

    /// <summary>A text, or a number or truth value as text.</summary>
    internal string? Text(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.String => Decode(value, name),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new RowException($"{name} is an array or object"),
    };

    internal string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw new RowException($"{name} is missing");

    internal double? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return FieldText.Number(Decode(value, name), name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number : throw new RowException($"{name} is not a number");
    }

    internal bool? Flag(string name) => Text(name) is { } text ? FieldText.Flag(text, name) : null;

    /// <summary>A text or an array of texts; empty when absent.</summary>
    internal IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [Decode(value, name)];
        if (value.ValueKind != JsonValueKind.Array) throw new RowException($"{name} is not an array of texts");
        return [.. value.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.String
            ? Decode(element, name) : throw new RowException($"{name} is not an array of texts"))];
    }

    /// <summary>The objects of an array; empty when absent.</summary>
    internal IEnumerable<JsonObject> Objects(string name)
    {
        if (Find(name) is not { } value) return [];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Object)
            ? value.EnumerateArray().Select(element => new JsonObject(element)) : throw new RowException($"{name} is not an array of "
                + $"objects");
    }

    /// <summary>All texts within the value, however deep; numbers, such as those of embeddings, are left out.</summary>
    internal IEnumerable<string> LabelTexts(string name) => Find(name) is { } value ? Within(value, name) : [];

    /// <summary>The value as it is.</summary>
    internal JsonElement? Find(string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static IEnumerable<string> Within(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => [Decode(value, name)],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(element => Within(element, name)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Within(property.Value, name)),
        _ => [],
    };

    private static string Decode(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RowException($"{name} has half of a surrogate pair");
        }
    }
}
