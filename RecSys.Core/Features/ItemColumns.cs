using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>
/// The facts of all items by number, in chunks: one writer, any number of readers without locks. A reader sees an item's old or new facts
/// as a whole, since a chunk is replaced by a copy where one of its items changes; new items are written in place, before anybody knows
/// their numbers.
/// </summary>
internal sealed class ItemColumns
{
    /// <summary>
    /// Raised when the meaning or layout of <see cref="ItemFacts"/> changes: a stored column of another version is refused.
    /// </summary>
    public const int Version = 1;

    private const int Bits = 7;
    private const int Mask = (1 << Bits) - 1;

    private ItemFacts[]?[] chunks = new ItemFacts[]?[4];
    private int count;

    /// <summary>The highest number that was put, plus one.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Nothing is known of a number that was never put.</summary>
    public ref readonly ItemFacts this[int item]
    {
        get
        {
            var directory = Volatile.Read(ref chunks);
            var at = item >> Bits;
            if ((uint)at >= (uint)directory.Length || Volatile.Read(ref directory[at]) is not { } chunk) return ref ItemFacts.Unknown;
            // All chunks are of one size. Asking this one for its length would fetch a cache line more per item.
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk), item & Mask);
        }
    }

    private static ReadOnlySpan<byte> Name => "RSFACTS\n"u8;

    /// <summary>The facts of every item that the catalogue has.</summary>
    public static ItemColumns Of(ItemCatalog items)
    {
        var columns = new ItemColumns();
        for (var item = 0; item < items.Count; item++)
        {
            if (!items.IsRemoved(item)) columns.Put(item, ItemFacts.Of(items[item]));
        }
        return columns;
    }

    public void Put(int item, in ItemFacts facts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        var at = item >> Bits;
        var directory = chunks;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            Volatile.Write(ref chunks, directory);
        }
        var chunk = directory[at];
        if (chunk is null) Array.Fill(chunk = new ItemFacts[Mask + 1], ItemFacts.Unknown);
        else if (item < count) chunk = [.. chunk];
        chunk[item & Mask] = facts;
        Volatile.Write(ref directory[at], chunk);
        if (item >= count) Volatile.Write(ref count, item + 1);
    }

    /// <summary>
    /// A copy of the column as it is, in the writer's turn; what changes later is not in it, so that it can be written from any thread.
    /// </summary>
    public ItemColumns Capture() => new() { chunks = [.. chunks], count = count };

    /// <summary>Writes a column that nobody changes.</summary>
    public void Write(Stream stream)
    {
        var to = new CheckedWriter(stream, Name, Version);
        to.Numbers(count);
        Span<ItemFacts> none = new ItemFacts[Mask + 1];
        none.Fill(ItemFacts.Unknown);
        for (var first = 0; first < count; first += Mask + 1)
            to.Block<ItemFacts>((chunks[first >> Bits] ?? none)[..Math.Min(Mask + 1, count - first)]);
    }

    /// <exception cref="RecSysException">Damaged, cut off, of another version or something else.</exception>
    public static ItemColumns Read(Stream stream, string source)
    {
        var from = new CheckedReader(stream, source, Name, Version);
        var columns = new ItemColumns { count = from.Within(from.Numbers(1)[0], int.MaxValue, "the number of items") };
        columns.chunks = new ItemFacts[]?[Math.Max(4, (columns.count >> Bits) + 1)];
        for (var first = 0; first < columns.count; first += Mask + 1)
        {
            var chunk = columns.chunks[first >> Bits] = new ItemFacts[Mask + 1];
            Array.Fill(chunk, ItemFacts.Unknown);
            from.Block(chunk.AsSpan(0, Math.Min(Mask + 1, columns.count - first)));
        }
        return columns;
    }
}
