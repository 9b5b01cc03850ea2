namespace RecSys.Core.Pipeline;

/// <summary>Which items of the catalogue a request's filter lets pass and may be served, one bit each. Reused between requests.</summary>
public sealed class Narrowing
{
    private ulong[] bits = [];
    private int items = -1;

    /// <summary>True once the bits mean something.</summary>
    public bool IsSet => items >= 0;

    /// <summary>Items that pass.</summary>
    public int Count { get; private set; }

    /// <summary>Items that were looked at, from number 0 on; those that came since are not among them.</summary>
    public int Items => Math.Max(0, items);

    /// <summary>One bit per item.</summary>
    public ReadOnlySpan<ulong> Bits => bits.AsSpan(0, (Items + 63) / 64);

    /// <summary>True for an item that was looked at and passes.</summary>
    public bool Has(int item) => (uint)item < (uint)Items && (bits[item >> 6] >> (item & 63) & 1) != 0;

    /// <summary>Room for the bits of so many items; the content is undefined.</summary>
    internal Span<ulong> Room(int count)
    {
        var words = (count + 63) / 64;
        if (bits.Length < words) bits = new ulong[words + words / 8];
        return bits.AsSpan(0, words);
    }

    /// <summary>Says that the room is filled.</summary>
    internal void Set(int count, int passing) => (items, Count) = (count, passing);

    /// <summary>Takes an item out.</summary>
    internal void Remove(int item)
    {
        if (!Has(item)) return;
        bits[item >> 6] &= ~(1UL << (item & 63));
        Count--;
    }

    internal void Clear() => (items, Count) = (-1, 0);
}
