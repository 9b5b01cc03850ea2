using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>What a user did with one category or creator. Counts fade with a window of 30 days; <see cref="Seconds"/> is the Unix time they refer to.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct AffinityCell
{
    public uint Key;
    public uint Seconds;
    public float Impressions;
    public float Clicks;
    public float Positives;
    /// <summary>Unix seconds of the last positive event; 0 for none.</summary>
    public uint PositiveSeconds;
}

/// <summary>The most recently touched keys of a user; when full, the key that was touched longest ago makes room.</summary>
internal struct AffinityTable(int capacity)
{
    private readonly int capacity = capacity;
    private AffinityCell[] cells = [];

    public int Count { get; private set; }
    public readonly ReadOnlySpan<AffinityCell> Cells => cells.AsSpan(0, Count);

    /// <summary>The cell of a key with its counts faded to now; a cell with key 0 when the user never met it.</summary>
    public readonly AffinityCell Find(uint key, uint nowSeconds)
    {
        foreach (ref readonly var cell in Cells)
        {
            if (cell.Key != key) continue;
            var found = cell;
            Fade(ref found, nowSeconds);
            return found;
        }
        return default;
    }

    public void Apply(uint key, uint seconds, bool impression, bool click, bool positive)
    {
        if (key == 0) return;
        ref var cell = ref Touch(key);
        var weight = 1f;
        if (seconds >= cell.Seconds) Fade(ref cell, seconds);
        else weight = DecayFactors.After((cell.Seconds - seconds) * 1000L).Month;
        if (impression) cell.Impressions += weight;
        if (click) cell.Clicks += weight;
        if (!positive) return;
        cell.Positives += weight;
        cell.PositiveSeconds = Math.Max(cell.PositiveSeconds, seconds);
    }

    public void Restore(ReadOnlySpan<AffinityCell> saved)
    {
        cells = saved[..Math.Min(saved.Length, capacity)].ToArray();
        Count = cells.Length;
    }

    private static void Fade(ref AffinityCell cell, uint seconds)
    {
        if (seconds <= cell.Seconds) return;
        if (cell.Seconds != 0)
        {
            var fade = MathF.Exp((seconds - cell.Seconds) * (-1000f / DecayFactors.MonthMs));
            (cell.Impressions, cell.Clicks, cell.Positives) = (cell.Impressions * fade, cell.Clicks * fade, cell.Positives * fade);
        }
        cell.Seconds = seconds;
    }

    private ref AffinityCell Touch(uint key)
    {
        var oldest = 0;
        for (var i = 0; i < Count; i++)
        {
            if (cells[i].Key == key) return ref cells[i];
            if (cells[i].Seconds < cells[oldest].Seconds) oldest = i;
        }
        if (Count < capacity)
        {
            if (Count == cells.Length) Array.Resize(ref cells, Math.Min(capacity, Math.Max(4, Count * 2)));
            oldest = Count++;
        }
        cells[oldest] = new AffinityCell { Key = key };
        return ref cells[oldest];
    }
}
