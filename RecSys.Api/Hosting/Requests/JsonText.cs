using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Looks through JSON text strictly: UTF-8 without byte order mark, at most 64 deep, no property twice, no comments or trailing commas, no
/// half surrogate pairs, no numbers beyond the range of a double.
/// </summary>
internal static class JsonText
{
    public const int MaxDepth = 64;

    /// <summary>What keeps the text from being strict JSON, or null.</summary>
    public static JsonFault? Find(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return new JsonFault("", "must not be empty");
        if (json.StartsWith("\uFEFF"u8)) return new JsonFault("", "must not begin with a byte order mark");
        if (json.Length > 1
            && (json[..2].SequenceEqual([(byte)0xFF, (byte)0xFE]) || json[..2].SequenceEqual([(byte)0xFE, (byte)0xFF])
            || json[..2].Contains((byte)0)))
            return new JsonFault("", "must be UTF-8, not UTF-16 or UTF-32");
        if (!Utf8.IsValid(json)) return new JsonFault("", "must be UTF-8; it has bytes that are not");

        var path = new JsonPath();
        var reader =
            new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1, CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            while (reader.Read())
            {
                if (Step(ref reader, path) is { } wrong) return new JsonFault(path.ToString(), wrong);
            }
            return null;
        }
        catch (JsonException exception)
        {
            return new JsonFault(path.ToString(),
                $"is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
    }

    private static string? Step(ref Utf8JsonReader reader, JsonPath path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                path.EnterObject();
                return path.Depth > MaxDepth ? $"is nested deeper than {MaxDepth}" : null;
            case JsonTokenType.StartArray:
                path.EnterArray();
                return path.Depth > MaxDepth ? $"is nested deeper than {MaxDepth}" : null;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Leave();
                return null;
            case JsonTokenType.PropertyName:
                if (!TryText(ref reader, out var name)) return "has a property whose name is no Unicode text (half of a surrogate pair)";
                return path.Property(name) ? null : "occurs twice";
            case JsonTokenType.String when reader.ValueIsEscaped && !TryText(ref reader, out _):
                return "is no Unicode text (it has half of a surrogate pair)";
            case JsonTokenType.Number when !reader.TryGetDouble(out var number) || !double.IsFinite(number):
                return "is a number out of range";
            default:
                path.ValueDone();
                return null;
        }
    }

    private static bool TryText(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}
