using System.Text.Json;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The field <c>attributes</c> of an item: names with typed values; in a patch null takes one away.</summary>
internal static class AttributeReading
{
    private const int Most = 64;

    /// <param name="reader">Reads the item.</param>
    /// <param name="old">What a patch starts from; null for a whole item.</param>
    public static IReadOnlyDictionary<string, AttributeValue> Read(
        JsonObjectReader reader, IReadOnlyDictionary<string, AttributeValue>? old)
    {
        var json = reader.Raw("attributes");
        var attributes = old is null
            ? new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            : new Dictionary<string, AttributeValue>(old, StringComparer.Ordinal);
        if (json.ValueKind == JsonValueKind.Undefined) return new Dictionary<string, AttributeValue>();
        if (json.ValueKind != JsonValueKind.Object)
        {
            reader.Add("wrong_type", "attributes", "must be an object");
            return attributes;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) attributes.Remove(property.Name);
            else if (Value(property.Value) is { } value) attributes[property.Name] = value;
            else reader.Add("wrong_type", $"attributes/{JsonPath.Escape(property.Name)}", $"must be {AttributeValueConverter.Allowed}");
        }
        if (attributes.Count > Most) reader.Add("invalid", "attributes", $"must not have more than {Most} entries");
        return attributes;
    }

    /// <summary>A typed value; null for JSON that is none.</summary>
    public static AttributeValue? Value(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return AttributeValue.OfJsonString(json.GetString()!);
            case JsonValueKind.Number:
                return AttributeValue.Of(json.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return AttributeValue.Of(json.GetBoolean());
            case JsonValueKind.Array when json.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String):
                return AttributeValue.Of(json.EnumerateArray().Select(element => element.GetString()!));
            default:
                return null;
        }
    }
}
