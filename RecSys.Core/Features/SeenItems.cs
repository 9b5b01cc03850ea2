using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>What a user saw of one item. Times are Unix seconds, 0 for never.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SeenItem
{
    public uint ShownSeconds;
    public uint PositiveSeconds;
    public ushort Impressions;
    public ushort Positives;

    public readonly uint LastSeconds => Math.Max(ShownSeconds, PositiveSeconds);
}

/// <summary>The 40 items a user met last; when full, the one met longest ago makes room.</summary>
internal struct SeenItems
{
    public const int Capacity = 40;
    private int[] items;
    private SeenItem[] cells;

    public SeenItems() => (items, cells) = ([], []);

    public int Count { get; private set; }
    public readonly ReadOnlySpan<int> Items => items.AsSpan(0, Count);
    public readonly ReadOnlySpan<SeenItem> Cells => cells.AsSpan(0, Count);

    public readonly SeenItem Find(int item)
    {
        var at = Items.IndexOf(item);
        return at < 0 ? default : cells[at];
    }

    public void Apply(int item, uint seconds, bool impression, bool positive)
    {
        var at = Items.IndexOf(item);
        if (at < 0) at = Room(item);
        ref var cell = ref cells[at];
        if (impression)
        {
            cell.ShownSeconds = Math.Max(cell.ShownSeconds, seconds);
            cell.Impressions = (ushort)Math.Min(cell.Impressions + 1, ushort.MaxValue);
        }
        if (!positive) return;
        cell.PositiveSeconds = Math.Max(cell.PositiveSeconds, seconds);
        cell.Positives = (ushort)Math.Min(cell.Positives + 1, ushort.MaxValue);
    }

    public void Restore(ReadOnlySpan<int> savedItems, ReadOnlySpan<SeenItem> savedCells) =>
        (items, cells, Count) = (savedItems.ToArray(), savedCells.ToArray(), savedItems.Length);

    private int Room(int item)
    {
        var at = 0;
        if (Count < Capacity)
        {
            if (Count == items.Length)
            {
                var size = Math.Min(Capacity, Math.Max(4, Count * 2));
                Array.Resize(ref items, size);
                Array.Resize(ref cells, size);
            }
            at = Count++;
        }
        else
        {
            for (var i = 1; i < Count; i++)
            {
                if (cells[i].LastSeconds < cells[at].LastSeconds) at = i;
            }
        }
        items[at] = item;
        cells[at] = default;
        return at;
    }
}
