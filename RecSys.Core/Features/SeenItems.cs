using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>What a user saw of one item. Times are Unix seconds, 0 for never; counts stay at 255.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal struct SeenItem
{
    public int Item;
    public uint ShownSeconds;
    public uint PositiveSeconds;
    public byte Impressions;
    public byte Positives;

    public readonly uint LastSeconds => Math.Max(ShownSeconds, PositiveSeconds);
}

/// <summary>
/// The items a user met last, the latest at the end; when full, the one met longest ago makes room. Twelve hold nine in ten of the
/// repetitions that forty would (measured on KuaiRand).
/// </summary>
internal struct SeenItems
{
    public const int Capacity = 12;
    private SeenItem[] cells;

    public SeenItems() => cells = [];

    public int Count { get; private set; }
    public readonly ReadOnlySpan<SeenItem> Cells => cells.AsSpan(0, Count);

    public readonly SeenItem Find(int item)
    {
        foreach (ref readonly var cell in Cells)
        {
            if (cell.Item == item) return cell;
        }
        return default;
    }

    public void Apply(int item, uint seconds, in EventKind kind)
    {
        ref var cell = ref Touch(item);
        if (kind.Impression)
        {
            cell.ShownSeconds = Math.Max(cell.ShownSeconds, seconds);
            cell.Impressions = (byte)Math.Min(cell.Impressions + 1, byte.MaxValue);
        }
        if (!kind.Positive) return;
        cell.PositiveSeconds = Math.Max(cell.PositiveSeconds, seconds);
        cell.Positives = (byte)Math.Min(cell.Positives + 1, byte.MaxValue);
    }

    /// <summary>
    /// Takes an event on an item that is still known back; with the last positive event goes its time, with the last impression that one's.
    /// </summary>
    public readonly void TakeBack(int item, in EventKind kind)
    {
        foreach (ref var cell in cells.AsSpan(0, Count))
        {
            if (cell.Item != item) continue;
            if (kind.Impression && cell.Impressions > 0 && --cell.Impressions == 0) cell.ShownSeconds = 0;
            if (kind.Positive && cell.Positives > 0 && --cell.Positives == 0) cell.PositiveSeconds = 0;
            return;
        }
    }

    public void Restore(SeenItem[] saved) => (cells, Count) = (saved, saved.Length);

    /// <summary>Becomes equal to another one; allocates only to grow.</summary>
    public void CopyFrom(in SeenItems other)
    {
        if (cells.Length < other.Count) cells = new SeenItem[other.cells.Length];
        other.Cells.CopyTo(cells);
        Count = other.Count;
    }

    /// <summary>Takes in everything of another; what was met last stays.</summary>
    public void Merge(in SeenItems other)
    {
        var all = Cells.ToArray().Concat(other.Cells.ToArray()).GroupBy(cell => cell.Item).Select(group => group.Aggregate(Sum)).ToArray();
        Array.Sort(all, static (a, b) => (a.LastSeconds, a.Item).CompareTo((b.LastSeconds, b.Item)));
        Restore(all[Math.Max(0, all.Length - Capacity)..]);
    }

    private static SeenItem Sum(SeenItem a, SeenItem b) => new()
    {
        Item = a.Item,
        ShownSeconds = Math.Max(a.ShownSeconds, b.ShownSeconds),
        PositiveSeconds = Math.Max(a.PositiveSeconds, b.PositiveSeconds),
        Impressions = (byte)Math.Min(a.Impressions + b.Impressions, byte.MaxValue),
        Positives = (byte)Math.Min(a.Positives + b.Positives, byte.MaxValue),
    };

    private ref SeenItem Touch(int item)
    {
        var at = Count - 1;
        while (at >= 0 && cells[at].Item != item) at--;
        var found = at >= 0 ? cells[at] : new SeenItem { Item = item };
        if (at < 0 && Count < Capacity)
        {
            if (Count == cells.Length) Array.Resize(ref cells, Math.Min(Capacity, Math.Max(4, Count * 2)));
            at = Count++;
        }
        at = Math.Max(at, 0);
        cells.AsSpan(at + 1, Count - at - 1).CopyTo(cells.AsSpan(at));
        cells[Count - 1] = found;
        return ref cells[Count - 1];
    }
}
