using System.Globalization;
using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>Fields of a JSON object: each kind of value is expected as such; only ids and times may be numbers or texts.</summary>
/// <param name="values">The values by the names of their fields; nulls left out.</param>
/// <param name="holdsRatings">See <see cref="RecordFields.HoldsRatings"/>.</param>
internal sealed class JsonFields(Dictionary<string, JsonElement> values, bool holdsRatings) : RecordFields
{
    // Beyond this a number with a fraction of zero may have lost digits.
    private const double MostExact = 9_007_199_254_740_992;

    // With quotes and escapes; longer texts are none of these words.
    private const int LongestNothing = 6;

    internal override IEnumerable<string> Names => values.Keys;

    internal override bool HoldsRatings => holdsRatings;

    internal override string? Text(string name) => Find(name) is { } value
        ? value.ValueKind == JsonValueKind.String ? Decode(value, name) : throw new RowException($"{name} is not a string")
        : null;

    internal override string? Id(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return Decode(value, name);
        if (value.ValueKind != JsonValueKind.Number) throw new RowException($"{name} is neither a string nor a whole number");
        if (value.TryGetInt64(out var whole)) return whole.ToString(CultureInfo.InvariantCulture);
        // 12.0 is the number 12; the texts "12.0" and "12" are different ids.
        if (value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) <= MostExact)
            return number.ToString("F0", CultureInfo.InvariantCulture);
        var raw = value.GetRawText();
        return raw.All(char.IsAsciiDigit) ? raw : throw new RowException($"{name} is a number with a fraction or an exponent");
    }

    internal override double? Number(string name)
    {
        if (Find(name) is not { } value || IsNothing(value)) return null;
        if (value.ValueKind == JsonValueKind.String) throw FieldText.NoNumber(Decode(value, name), name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new RowException($"{name} is not a number");
    }

    internal override bool? Flag(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.String when IsNothing(Find(name)!.Value) => null,
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

    internal override DateTimeOffset? Time(string name, TimeReading times, bool dayIsEnough = false)
    {
        if (Find(name) is not { } value || IsNothing(value)) return null;
        if (value.ValueKind == JsonValueKind.String) return times.Read(Decode(value, name), name, dayIsEnough);
        if (value.ValueKind != JsonValueKind.Number) throw new RowException($"{name} is neither a string nor a number");
        return value.TryGetInt64(out var whole) ? times.OfNumber(whole, name) : times.OfNumber(value.GetDouble(), name);
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

    // A text that says that there is nothing, in a field of another kind.
    private static bool IsNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetRawText().Length <= LongestNothing && NoValue.IsTyped(value.GetString()!);

    private JsonElement? Find(string name) => values.TryGetValue(name, out var value) ? value : null;

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
