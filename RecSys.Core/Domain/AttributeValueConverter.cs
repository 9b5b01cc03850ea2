using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Domain;

/// <summary>The JSON forms that <see cref="AttributeValue"/> names; everything else is refused.</summary>
public sealed class AttributeValueConverter : JsonConverter<AttributeValue>
{
    /// <summary>What an attribute may be, for messages.</summary>
    public const string Allowed = "a number, a string, an array of strings, true or false";

    public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return AttributeValue.OfJsonString(reader.GetString()!);
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number):
                return AttributeValue.Of(number);
            case JsonTokenType.True or JsonTokenType.False:
                return AttributeValue.Of(reader.GetBoolean());
            case JsonTokenType.StartArray:
                var texts = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    texts.Add(reader.TokenType == JsonTokenType.String
                        ? reader.GetString()! : throw new JsonException($"An attribute is {Allowed}."));
                return AttributeValue.Of(texts);
            default:
                throw new JsonException($"An attribute is {Allowed}.");
        }
    }

    public override void Write(Utf8JsonWriter writer, AttributeValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case AttributeKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case AttributeKind.Boolean:
                writer.WriteBooleanValue(value.Flag);
                break;
            case AttributeKind.List:
                writer.WriteStartArray();
                foreach (var text in value.Texts) writer.WriteStringValue(text);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
