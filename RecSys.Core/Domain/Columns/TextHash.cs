using System.Buffers.Binary;

namespace RecSys.Core.Domain.Columns;

/// <summary>
/// An open addressing table from hashes of texts to numbers, for one writer and any number of readers without locks. It is cut by the hash
/// into 1,024 segments that grow by themselves: at 10 million entries one step of growth moves about 10,000 slots of 8 bytes, and no other
/// segment notices. A slot is written once, in one piece.
/// </summary>
internal sealed class TextHash
{
    private const int SegmentBits = 10;
    private const int SmallestSegment = 8;

    // A slot: the lower half of the hash, then the number plus one; 0 is free.
    private readonly ulong[]?[] segments = new ulong[]?[1 << SegmentBits];
    private readonly int[] counts = new int[1 << SegmentBits];

    public long Bytes { get; private set; } = (8 + 4) << SegmentBits;

    /// <summary>Adds a number that is not in the table.</summary>
    public void Add(ulong hash, int number)
    {
        var at = (int)(hash >> (64 - SegmentBits));
        var segment = segments[at];
        if (segment is null || 4 * (counts[at] + 1) > 3 * segment.Length) segment = Grow(at, segment);
        Put(segment, (uint)hash, ((ulong)(uint)hash << 32) | ((uint)number + 1));
        counts[at]++;
    }

    /// <summary>Numbers whose text may have this hash.</summary>
    public Candidates Find(ulong hash) => new(Volatile.Read(ref segments[(int)(hash >> (64 - SegmentBits))]), (uint)hash);

    /// <summary>A 64-bit hash of the bytes, equal in every run: words folded by 128-bit products, as wyhash does it.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        var hash = 0x9E3779B97F4A7C15 ^ (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..]) hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text), 0xA0761D6478BD642F);
        ulong rest = 0;
        foreach (var b in text) rest = rest << 8 | b;
        return Fold(Fold(hash ^ rest, 0xE7037ED1A0B428DB), 0x8EBC6AF09C88C6E3);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private ulong[] Grow(int at, ulong[]? old)
    {
        var grown = new ulong[old is null ? SmallestSegment : old.Length * 2];
        foreach (var slot in old ?? [])
        {
            if (slot != 0) Put(grown, (uint)(slot >> 32), slot);
        }
        Bytes += 8L * (grown.Length - (old?.Length ?? 0));
        Volatile.Write(ref segments[at], grown);
        return grown;
    }

    private static void Put(ulong[] segment, uint tag, ulong slot)
    {
        var mask = (uint)segment.Length - 1;
        var at = tag & mask;
        while (segment[at] != 0) at = (at + 1) & mask;
        Volatile.Write(ref segment[at], slot);
    }

    /// <summary>Walks the slots from a hash's own place to the first free one.</summary>
    internal ref struct Candidates
    {
        private readonly ulong[]? segment;
        private readonly uint tag;
        private uint next;

        internal Candidates(ulong[]? segment, uint tag) => (this.segment, this.tag, next) = (segment, tag, tag);

        public int Current { get; private set; }

        public readonly Candidates GetEnumerator() => this;

        public bool MoveNext()
        {
            if (segment is null) return false;
            for (var mask = (uint)segment.Length - 1; ;)
            {
                var slot = Volatile.Read(ref segment[next++ & mask]);
                if (slot == 0) return false;
                if ((uint)(slot >> 32) != tag) continue;
                Current = (int)((uint)slot - 1);
                return true;
            }
        }
    }
}
