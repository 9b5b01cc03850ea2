using System.Buffers;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Vectors of items that are new or have changed since the large index was built, by item number, searched beside it. The newest
/// vector of an item wins, also over the one in the large index; removed items are never found. Any thread may search and read, without
/// locks and without waiting; one thread at a time may change it.
/// </summary>
public sealed class DeltaIndex
{
    /// <summary>Dead rows are left out when they are so many and more than the living: copying then costs little per change.</summary>
    private const int WorthCompacting = 10_000;

    // Beyond the wanted, for those that another thread replaces during the scan.
    private const int Spare = 16;

    private readonly int dimension;
    private readonly int maxRows;
    private DeltaState state;

    /// <param name="dimension">Floats per vector.</param>
    /// <param name="maxRows">
    /// Most vectors, those counted that a newer one has replaced until room is made by leaving them out. When all are in use, nothing is
    /// taken in.
    /// </param>
    public DeltaIndex(int dimension, int maxRows) : this(dimension, maxRows, null)
    {
    }

    /// <param name="dimension">Floats per vector.</param>
    /// <param name="maxRows">Most vectors.</param>
    /// <param name="cells">
    /// Of the large index; null: all rows are scanned. With cells, all but the newest <see cref="DeltaState.Recent"/> rows are searched as
    /// the large index is, and found as surely as there.
    /// </param>
    internal DeltaIndex(int dimension, int maxRows, IndexCells? cells)
    {
        (this.dimension, this.maxRows) = (dimension, maxRows);
        state = new DeltaState(dimension, maxRows, cells);
    }

    public int Dimension => dimension;

    /// <summary>Most vectors that are held.</summary>
    public int MaxRows => maxRows;

    /// <summary>Items that have a vector here.</summary>
    public int Count => Volatile.Read(ref state).LiveRows;

    /// <summary>Gives an item its newest vector.</summary>
    /// <returns>False when there is no room; what held for the item still holds.</returns>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public bool Put(int item, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        if (vector.Length != dimension)
            throw new ArgumentException($"The vector has {vector.Length} values, {dimension} are needed.", nameof(vector));
        var dead = state.Rows - state.LiveRows;
        // A full one makes room as soon as that is worth a copy: an eighth of it.
        if (dead >= WorthCompacting && dead > state.LiveRows || state.IsFull && dead > maxRows / 8)
            Volatile.Write(ref state, state.Compact());
        if (state.IsFull) return false;
        state.Append(item, vector);
        return true;
    }

    /// <summary>
    /// The item is not found any more, neither here nor in the large index, until <see cref="Put"/> or <see cref="Restore"/>.
    /// </summary>
    public void Remove(int item) => state.Replace(item, DeltaState.Removed);

    /// <summary>What the large index has for the item counts again.</summary>
    public void Restore(int item) => state.Replace(item, NumberTable.Nothing);

    /// <summary>True when the item was removed and has not come back.</summary>
    public bool IsRemoved(int item) => Volatile.Read(ref state).Places.Get(item) == DeltaState.Removed;

    /// <summary>The item's vector here; the span stays good.</summary>
    public bool TryGet(int item, out ReadOnlySpan<float> vector)
    {
        var seen = Volatile.Read(ref state);
        var slot = seen.Places.Get(item);
        vector = slot < 0 ? default : seen.VectorAt(slot);
        return slot >= 0;
    }

    /// <summary>The nearest items, best first; those of equal score in the order in which they came.</summary>
    /// <param name="query">Finite numbers.</param>
    /// <param name="items">Gets their numbers; as many as it is long, or all that there are.</param>
    /// <param name="scores">As long.</param>
    /// <param name="allowed">Others are passed over; null: all are wanted.</param>
    /// <returns>How many were found.</returns>
    public int Search(ReadOnlySpan<float> query, Span<int> items, Span<float> scores, Func<int, bool>? allowed = null) =>
        Search(query, items, scores, allowed, depth: null, out _);

    // With a depth only so many nearest rows are looked at.
    internal int Search(
        ReadOnlySpan<float> query, Span<int> items, Span<float> scores, Func<int, bool>? allowed, int? depth, out DeltaView view)
    {
        var seen = Volatile.Read(ref state);
        view = new DeltaView(seen, seen.Rows);
        if (seen.Rows == 0 || items.IsEmpty) return 0;
        for (long asked = depth ?? items.Length + Spare; ; asked *= 4)
        {
            var k = (int)Math.Min(asked, maxRows);
            var (slots, found) = (ArrayPool<long>.Shared.Rent(k), ArrayPool<float>.Shared.Rent(k));
            var keys = ArrayPool<ulong>.Shared.Rent(TopKeys.CapacityFor(k, DeltaSegment.BlockRows));
            try
            {
                var top = new TopKeys(keys, k, DeltaSegment.BlockRows);
                view = new DeltaView(seen, seen.Scan(query, ref top));
                var count = top.Drain(slots.AsSpan(0, k), found.AsSpan(0, k));
                var kept = Keep(seen, view, slots.AsSpan(0, count), found, items, scores, allowed);
                // Fewer than asked for means that every living row was among them.
                if (kept == items.Length || count < k || k == maxRows || depth is not null) return kept;
            }
            finally
            {
                ArrayPool<long>.Shared.Return(slots);
                ArrayPool<float>.Shared.Return(found);
                ArrayPool<ulong>.Shared.Return(keys);
            }
        }
    }

    private static int Keep(
        DeltaState seen, DeltaView view,
        ReadOnlySpan<long> slots, ReadOnlySpan<float> found, Span<int> items, Span<float> scores, Func<int, bool>? allowed)
    {
        var kept = 0;
        for (var i = 0; i < slots.Length && kept < items.Length; i++)
        {
            var item = seen.ItemAt((int)slots[i]);
            if (!view.IsNewest(item, (int)slots[i]) || allowed?.Invoke(item) == false) continue;
            (items[kept], scores[kept]) = (item, found[i]);
            kept++;
        }
        return kept;
    }
}
