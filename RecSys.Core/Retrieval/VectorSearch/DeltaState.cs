using System.Buffers;
using System.Numerics;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Segments one behind the other, and for every item the slot of its newest vector. A slot is segment × <see cref="DeltaSegment.Rows"/> +
/// row; in place of one stand <see cref="NumberTable.Nothing"/> (what the large index has, counts) and <see cref="Removed"/>. One writer,
/// readers without locks.
/// <para>The <see cref="Recent"/> newest rows are scanned; older ones stand in the cells of the large index, where it has some, and of
/// these a search looks at those that it looks at there. So an item is found at once, and later as surely as any other.</para>
/// </summary>
internal sealed class DeltaState
{
    /// <summary>Rows that are always scanned: 2 MiB at 128 dimensions, what a core's own cache holds.</summary>
    public const int Recent = 4096;

    private readonly int dimension;
    private readonly int maxRows;
    private readonly IndexCells? cells;

    // Slot of each cell's newest row.
    private readonly int[] heads;

    public DeltaState(int dimension, int maxRows, IndexCells? cells)
    {
        (this.dimension, this.maxRows, this.cells) = (dimension, maxRows, cells);
        segments = new DeltaSegment?[(maxRows + DeltaSegment.Rows - 1) / DeltaSegment.Rows];
        heads = new int[cells?.Count ?? 0];
        Array.Fill(heads, NumberTable.Nothing);
    }

    /// <summary>The item is not to be found, here or elsewhere.</summary>
    public const int Removed = -2;

    private readonly DeltaSegment?[] segments;
    private int rows;

    public NumberTable Places { get; init; } = new();

    /// <summary>Rows that a reader may look at.</summary>
    public int Rows => Volatile.Read(ref rows);

    /// <summary>Rows that are some item's newest; the writer's to read.</summary>
    public int LiveRows { get; private set; }

    public bool IsFull => rows == maxRows;

    public DeltaSegment SegmentOf(int slot) => Volatile.Read(ref segments[slot / DeltaSegment.Rows])!;

    public int ItemAt(int slot) => SegmentOf(slot).ItemAt(slot % DeltaSegment.Rows);

    public ReadOnlySpan<float> VectorAt(int slot) => SegmentOf(slot).VectorAt(slot % DeltaSegment.Rows);

    /// <summary>Where an item stood when there were so many rows. A removal counts at once.</summary>
    public int PlaceOf(int item, int rows)
    {
        var place = Places.Get(item);
        while (place >= rows) place = SegmentOf(place).PreviousOf(place % DeltaSegment.Rows);
        return place;
    }

    /// <summary>Adds a vector, which becomes the item's newest.</summary>
    public void Append(int item, ReadOnlySpan<float> vector) => Append(item, vector, cells?.Find(vector) ?? 0);

    private void Append(int item, ReadOnlySpan<float> vector, int cell)
    {
        var (slot, before) = (rows, Places.Get(item));
        ref var segment = ref segments[slot / DeltaSegment.Rows];
        if (segment is null) Volatile.Write(ref segment, new DeltaSegment(dimension, Math.Min(DeltaSegment.Rows, maxRows - slot)));
        var next = heads.Length == 0 ? NumberTable.Nothing : heads[cell];
        segment!.Write(slot % DeltaSegment.Rows, item, before, vector, cell, next);
        if (heads.Length > 0) Volatile.Write(ref heads[cell], slot);
        // The new row counts before the old one is marked: whoever misses the old one meets the new one at the end of the scan.
        Volatile.Write(ref rows, slot + 1);
        Places.Set(item, slot);
        LiveRows++;
        Bury(before);
    }

    /// <summary>Lets <see cref="NumberTable.Nothing"/> or <see cref="Removed"/> stand for an item.</summary>
    public void Replace(int item, int place)
    {
        var before = Places.Get(item);
        if (before == place) return;
        Places.Set(item, place);
        Bury(before);
    }

    /// <summary>
    /// Scores the rows that are not marked as dead: the recent ones, also those that are added meanwhile, and of the others those in the
    /// cells that are near the query.
    /// </summary>
    /// <returns>How many rows there were.</returns>
    public int Scan(ReadOnlySpan<float> query, ref TopKeys top)
    {
        var first = cells is null ? 0 : Math.Max(0, Rows - Recent);
        // Older ones first: whoever misses one because a newer one has just replaced it meets that at the end.
        if (first > 0) ScanCells(query, first, ref top);
        return ScanFrom(first, query, ref top);
    }

    private void ScanCells(ReadOnlySpan<float> query, int end, ref TopKeys top)
    {
        var (near, slots) = (ArrayPool<long>.Shared.Rent(cells!.Probed), ArrayPool<int>.Shared.Rent(end));
        try
        {
            cells.Find(query, near.AsSpan(0, cells.Probed));
            var count = 0;
            foreach (var cell in near.AsSpan(0, cells.Probed))
            {
                if (cell < 0) break;
                for (var slot = Volatile.Read(ref heads[cell]); slot >= 0; slot = SegmentOf(slot).NextInCell(slot % DeltaSegment.Rows))
                {
                    if (slot < end && !IsDead(slot)) slots[count++] = slot;
                }
            }
            // Rows have to rise.
            var found = slots.AsSpan(0, count);
            found.Sort();
            Span<float> score = stackalloc float[1];
            foreach (var slot in found)
            {
                ExactIndex.Score(query, VectorAt(slot), score);
                top.Offer(score, slot);
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(near);
            ArrayPool<int>.Shared.Return(slots);
        }
    }

    private bool IsDead(int slot)
    {
        var row = slot % DeltaSegment.Rows;
        return (SegmentOf(slot).DeadIn(row) >> (row % DeltaSegment.BlockRows) & 1) != 0;
    }

    private int ScanFrom(int slot, ReadOnlySpan<float> query, ref TopKeys top)
    {
        Span<float> scores = stackalloc float[DeltaSegment.BlockRows];
        while (Rows is var end && slot < end)
        {
            while (slot < end)
            {
                var row = slot % DeltaSegment.Rows;
                var first = row - row % DeltaSegment.BlockRows;
                var size = Math.Min(Math.Min(DeltaSegment.BlockRows - (row - first), end - slot), DeltaSegment.Rows - row);
                var segment = SegmentOf(slot);
                var block = scores[..size];
                ExactIndex.Score(query, segment.Block(row, size), block);
                for (var dead = segment.DeadIn(first) >> (row - first); dead != 0; dead &= dead - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(dead);
                    if (lane >= size) break;
                    block[lane] = float.NaN;
                }
                top.Offer(block, slot);
                slot += size;
            }
        }
        return slot;
    }

    /// <summary>The same items without the dead rows.</summary>
    public DeltaState Compact()
    {
        var slots = new int[rows];
        var next = 0;
        for (var slot = 0; slot < rows; slot++) slots[slot] = Places.Get(ItemAt(slot)) == slot ? next++ : NumberTable.Nothing;
        var compact =
            new DeltaState(dimension, maxRows, cells) { Places = Places.Select(place => place == Removed ? Removed : NumberTable.Nothing) };
        for (var slot = 0; slot < rows; slot++)
        {
            if (slots[slot] >= 0) compact.Append(ItemAt(slot), VectorAt(slot), SegmentOf(slot).CellOf(slot % DeltaSegment.Rows));
        }
        return compact;
    }

    private void Bury(int slot)
    {
        if (slot < 0) return;
        SegmentOf(slot).MarkDead(slot % DeltaSegment.Rows);
        LiveRows--;
    }
}
