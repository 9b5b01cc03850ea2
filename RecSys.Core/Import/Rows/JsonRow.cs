using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RecSys.Core.Import.Rows;

/// <summary>Parses one JSON object strictly; what is wrong names the field and the byte within the row, from 0.</summary>
internal static class JsonRow
{
    private const int MaxDepth = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };

    /// <exception cref="RowException">It is not UTF-8, no JSON object, or has a name twice.</exception>
    internal static JsonDocument Parse(ReadOnlyMemory<byte> row)
    {
        if (!Utf8.IsValid(row.Span)) throw new RowException(At("the row is not valid UTF-8", InvalidByte(row.Span)));
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(row, Strict);
        }
        catch (JsonException failure)
        {
            throw new RowException(At("the row is not JSON", failure.BytePositionInLine ?? 0));
        }
        try
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new RowException("the row is not a JSON object");
            RefuseRepeatedNames(row.Span);
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>The byte at which a field of the object begins, in words for a message.</summary>
    internal static string Place(ReadOnlySpan<byte> row, string name)
    {
        var reader = new Utf8JsonReader(row, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(name))
                return string.Create(CultureInfo.InvariantCulture, $"at byte {reader.TokenStartIndex}");
        }
        return "";
    }

    private static void RefuseRepeatedNames(ReadOnlySpan<byte> row)
    {
        var reader = new Utf8JsonReader(row, new JsonReaderOptions { MaxDepth = MaxDepth });
        // By depth: names of one object, of which at most one is open at each depth.
        var open = new List<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (open.Count <= reader.CurrentDepth) open.Add(new HashSet<string>(StringComparer.Ordinal));
                open[reader.CurrentDepth].Clear();
            }
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var name = Name(in reader);
            if (!open[reader.CurrentDepth - 1].Add(name))
                throw new RowException(At($"{name} is there twice", reader.TokenStartIndex));
        }
    }

    private static string Name(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RowException(At("a name has half of a surrogate pair", reader.TokenStartIndex));
        }
    }

    /// <summary>Index of the first byte that belongs to no character.</summary>
    internal static int InvalidByte(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && Rune.DecodeFromUtf8(text[at..], out _,
            out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }

    private static string At(string what, long place) => string.Create(CultureInfo.InvariantCulture, $"{what}, at byte {place}");
}
