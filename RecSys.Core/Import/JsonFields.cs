using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Import;

/// <summary>Fields of a JSON object: each kind of value is expected as such, nothing is converted.</summary>
internal sealed class JsonFields(JsonElement row) : RecordFields
{
    internal override IEnumerable<string> Names => row.EnumerateObject().Select(property => property.Name);

    internal override string? Text(string name) => Find(name) is { } value
        ? value.ValueKind == JsonValueKind.String ? Decode(value, name) : throw new RowException($"{name} is not a string")
        : null;

    internal override double? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new RowException($"{name} is not a number");
    }

    internal override bool? Flag(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new RowException($"{name} is neither true nor false"),
    };

    internal override IReadOnlyList<string> List(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) throw new RowException($"{name} is not an array");
        var list = new List<string>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
            list.Add(element.ValueKind == JsonValueKind.String
                ? Decode(element, name) : throw new RowException($"{name} is not an array of strings"));
        return list;
    }

    internal override DateTimeOffset? Time(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return FieldText.Iso(Decode(value, name), name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var ms)
            ? FieldText.UnixMs(ms, name)
            : throw new RowException($"{name} is neither a string nor a whole number of Unix milliseconds");
    }

    internal override string? Scalar(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => Decode(value, name),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw new RowException($"{name} is an array or object; give its parts as fields of their own"),
        };
    }

    internal override AttributeValue? Attribute(string name) => Find(name)?.ValueKind switch
    {
        null => (AttributeValue?)null,
        JsonValueKind.String => AttributeValue.OfJsonString(Text(name)!),
        JsonValueKind.Number => AttributeValue.Of(Number(name)!.Value),
        JsonValueKind.True or JsonValueKind.False => AttributeValue.Of(Flag(name)!.Value),
        JsonValueKind.Array => AttributeValue.Of(List(name)),
        _ => throw new RowException($"{name} is an object; give its parts as fields of their own"),
    };

    private JsonElement? Find(string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

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
