using System.Numerics;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Segments one behind the other, and for every item the slot of its newest vector. A slot is segment × <see cref="DeltaSegment.Rows"/> +
/// row; in place of one stand <see cref="NumberTable.Nothing"/> (what the large index has, counts) and <see cref="Removed"/>. One writer,
/// readers without locks.
/// </summary>
internal sealed class DeltaState(int dimension, int maxRows)
{
    /// <summary>The item is not to be found, here or elsewhere.</summary>
    public const int Removed = -2;

    private readonly DeltaSegment?[] segments = new DeltaSegment?[(maxRows + DeltaSegment.Rows - 1) / DeltaSegment.Rows];
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
    public void Append(int item, ReadOnlySpan<float> vector)
    {
        var (slot, before) = (rows, Places.Get(item));
        ref var segment = ref segments[slot / DeltaSegment.Rows];
        if (segment is null) Volatile.Write(ref segment, new DeltaSegment(dimension, Math.Min(DeltaSegment.Rows, maxRows - slot)));
        segment!.Write(slot % DeltaSegment.Rows, item, before, vector);
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

    /// <summary>Scores every row that is not marked as dead, also those that are added meanwhile.</summary>
    /// <returns>How many rows were looked at.</returns>
    public int Scan(ReadOnlySpan<float> query, ref TopKeys top)
    {
        Span<float> scores = stackalloc float[DeltaSegment.BlockRows];
        var slot = 0;
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
            new DeltaState(dimension, maxRows) { Places = Places.Select(place => place == Removed ? Removed : NumberTable.Nothing) };
        for (var slot = 0; slot < rows; slot++)
        {
            if (slots[slot] >= 0) compact.Append(ItemAt(slot), VectorAt(slot));
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
