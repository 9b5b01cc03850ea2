using System.Text;

namespace RecSys.Core.Storage.Payloads;

/// <summary>
/// Gives one object for texts that repeat over many records, such as categories and devices, which saves most of their memory and time. Not
/// thread-safe.
/// </summary>
internal sealed class SharedTexts
{
    // Where nearly every record has its own text, remembering them all would cost more than it saves.
    private const int MostShared = 1 << 16;

    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    internal string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 256) return Encoding.UTF8.GetString(utf8);
        // UTF-8 never has more characters than bytes.
        Span<char> buffer = stackalloc char[256];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (known.TryGetValue(text, out var shared)) return shared;
        var made = text.ToString();
        if (known.Dictionary.Count < MostShared) known[text] = made;
        return made;
    }
}
