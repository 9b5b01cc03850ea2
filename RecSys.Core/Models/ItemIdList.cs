using System.Collections;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>
/// The ids of a bundle in row order, as the bytes of their file: strings of ten million ids would take five times as much. Immutable.
/// </summary>
public sealed class ItemIdList : IReadOnlyList<string>
{
    /// <summary>Longest id in characters.</summary>
    public const int MaxLength = 256;

    private readonly byte[] text;
    private readonly int[] starts;

    private ItemIdList(byte[] text, int[] starts) => (this.text, this.starts) = (text, starts);

    public int Count => starts.Length - 1;

    public string this[int index] => Encoding.UTF8.GetString(Utf8(index));

    /// <summary>The id of a row in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int row) => text.AsSpan(starts[row], starts[row + 1] - starts[row] - 1);

    public IEnumerator<string> GetEnumerator()
    {
        for (var row = 0; row < Count; row++) yield return this[row];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Takes the content of a file with one id per line, each line ended by a line feed.</summary>
    /// <param name="text">UTF-8. Kept.</param>
    /// <param name="count">Lines that there shall be.</param>
    /// <exception cref="FormatException">What is wrong with it, to be read behind the file's name.</exception>
    public static ItemIdList Parse(byte[] text, int count)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text)) throw new FormatException("is not valid UTF-8");
        var lines = text.AsSpan().Count((byte)'\n');
        if (text.Length > 0 && text[^1] != (byte)'\n') throw new FormatException("does not end with a line feed");
        if (lines != count) throw new FormatException($"has {lines} lines, the manifest says {count} items");
        var starts = new int[count + 1];
        var hashes = new ulong[count];
        Span<char> id = stackalloc char[MaxLength];
        for (var line = 0; line < count; line++)
        {
            var rest = text.AsSpan(starts[line]);
            var bytes = rest[..rest.IndexOf((byte)'\n')];
            starts[line + 1] = starts[line] + bytes.Length + 1;
            var fits = Encoding.UTF8.TryGetChars(bytes, id, out var length);
            if (!fits || length == 0 || HasControl(id[..length]))
                throw new FormatException($"has no valid id in line {line + 1} (1 to {MaxLength} characters, no control characters)");
            hashes[line] = StableHash.Of(id[..length]);
        }
        var ids = new ItemIdList(text, starts);
        RequireDistinct(ids, hashes);
        return ids;
    }

    private static bool HasControl(ReadOnlySpan<char> id)
    {
        foreach (var c in id)
        {
            if (char.IsControl(c)) return true;
        }
        return false;
    }

    // Sorted hashes tell at once that no id is there twice; only where two are equal are the ids themselves compared.
    private static void RequireDistinct(ItemIdList ids, ulong[] hashes)
    {
        Array.Sort(hashes);
        var repeated = false;
        for (var i = 1; i < hashes.Length; i++) repeated |= hashes[i] == hashes[i - 1];
        if (!repeated) return;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!known.Add(id)) throw new FormatException($"repeats an id in line {known.Count + 1}");
        }
    }
}
