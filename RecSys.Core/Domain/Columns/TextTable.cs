using System.Text;

namespace RecSys.Core.Domain.Columns;

/// <summary>
/// Distinct texts by number and numbers by text, for item ids, categories and creators: 8 bytes for the place, the text itself in an arena,
/// and 8 to 21 bytes in the hash table. Texts are never removed. One writer, any number of readers without locks.
/// </summary>
internal sealed class TextTable
{
    private const int Bits = 12;
    private const int Mask = (1 << Bits) - 1;

    /// <summary>Places that grow together.</summary>
    public const int Chunk = 1 << Bits;

    private const int MostNames = 1 << 16;

    private readonly TextHash hash = new();
    private readonly TextArena arena = new();
    private readonly byte[] prefix = new byte[5];
    private long[]?[] places = new long[]?[4];
    private byte[] buffer = new byte[256];
    private string?[] names = [];
    private int count;

    /// <summary>The highest number, plus one.</summary>
    public int Count => Volatile.Read(ref count);

    public long Bytes => arena.Reserved + hash.Bytes + places.Count(chunk => chunk is not null) * (8L << Bits);

    /// <summary>Adds the text under the next free number, or finds it.</summary>
    public int GetOrAdd(string text)
    {
        var utf8 = Utf8(text);
        if (TryFind(utf8, out var number)) return number;
        Store(number = count, utf8);
        Publish(number, utf8);
        return number;
    }

    /// <summary>Gives a number that has none a text that no number has; it is not found by the text before <see cref="Publish"/>.</summary>
    public void Store(int number, ReadOnlySpan<byte> text)
    {
        ref var place = ref PlaceForWriting(number);
        var length = Varint.Write(prefix, (uint)text.Length);
        Volatile.Write(ref place, arena.Append(prefix.AsSpan(0, length), text));
        if (number >= count) Volatile.Write(ref count, number + 1);
    }

    /// <summary>Makes a stored text findable.</summary>
    public void Publish(int number, ReadOnlySpan<byte> text) => hash.Add(TextHash.Of(text), number);

    /// <summary>The text; of the first 65,536 numbers one object for everybody.</summary>
    public string NameOf(int number)
    {
        var known = Volatile.Read(ref names);
        if (number < known.Length && known[number] is { } name) return name;
        name = Encoding.UTF8.GetString(this[number]);
        if (number >= MostNames) return name;
        if (number >= known.Length)
        {
            // Two readers may grow it at once: then one of the copies, and what is in it, is made again.
            Array.Resize(ref known, Math.Min(MostNames, Math.Max(16, Math.Max(number + 1, known.Length * 2))));
            Volatile.Write(ref names, known);
        }
        Volatile.Write(ref known[number], name);
        return name;
    }

    /// <summary>The text in UTF-8; empty where the number has none.</summary>
    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var place = PlaceOf(number);
            if (place == TextArena.Nowhere || !arena.TryRead(place, out var bytes)) return default;
            var length = (int)Varint.Read(ref bytes);
            return bytes[..length];
        }
    }

    public bool TryFind(ReadOnlySpan<byte> text, out int number)
    {
        var code = TextHash.Of(text);
        foreach (var candidate in hash.Find(code))
        {
            if (!this[candidate].SequenceEqual(text)) continue;
            number = candidate;
            return true;
        }
        number = -1;
        return false;
    }

    public bool TryFind(ReadOnlySpan<char> text, out int number)
    {
        Span<byte> utf8 = stackalloc byte[768];
        if (text.Length * 3 > utf8.Length) utf8 = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return TryFind(utf8[..Encoding.UTF8.GetBytes(text, utf8)], out number);
    }

    /// <summary>The writer's text in UTF-8, valid until its next call.</summary>
    public ReadOnlySpan<byte> Utf8(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (buffer.Length < most) buffer = new byte[most];
        return buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
    }

    public TextTableSnapshot Capture() => new([.. places], count, new ArenaSnapshot(arena));

    /// <summary>Fills an empty table.</summary>
    public void Read(CheckedReader from)
    {
        var lengths = ArenaSnapshot.Read(from, arena);
        var stored = from.Within(from.Numbers(1)[0], int.MaxValue, "a number of texts");
        for (var first = 0; first < stored; first += Chunk)
        {
            var chunk = new long[Chunk];
            PlaceForWriting(first);
            places[first >> Bits] = chunk;
            from.Block(chunk.AsSpan(0, Math.Min(Chunk, stored - first)));
            for (var i = 0; i < Chunk; i++)
            {
                if (chunk[i] == TextArena.Nowhere) continue;
                if (!ArenaSnapshot.Holds(lengths, chunk[i])) throw from.Refusal($"text {first + i} lies outside its blocks");
                hash.Add(TextHash.Of(this[first + i]), first + i);
            }
        }
        count = stored;
    }

    private long PlaceOf(int number)
    {
        var directory = Volatile.Read(ref places);
        var at = number >> Bits;
        return at < directory.Length && Volatile.Read(ref directory[at]) is { } chunk
            ? Volatile.Read(ref chunk[number & Mask]) : TextArena.Nowhere;
    }

    private ref long PlaceForWriting(int number)
    {
        var at = number >> Bits;
        var directory = places;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            Volatile.Write(ref places, directory);
        }
        if (directory[at] is not { } chunk) Volatile.Write(ref directory[at], chunk = new long[Mask + 1]);
        return ref chunk[number & Mask];
    }
}
