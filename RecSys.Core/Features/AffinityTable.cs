using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>
/// What a user did with one category or creator, with a window of 30 days, as of a moment. <see cref="PositiveSeconds"/> is Unix time, 0
/// for never.
/// </summary>
internal readonly record struct Affinity(float Impressions, float Clicks, float Positives, uint PositiveSeconds);

/// <summary>
/// One key's counts in 14 bytes. They refer to the start of a day, and an event of that day weighs exp(time of day / 30 days), a little
/// more than 1, so that they fade once a day instead of by every event, each time too little for their 11 bits.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal struct AffinityCell
{
    /// <summary>With this many of anything all counts of the cell are halved, because a further one would be lost in rounding.</summary>
    public const float Most = 2000;
    public const ushort Never = ushort.MaxValue;

    public uint Key;
    /// <summary>Days since 1970 of the latest event, UTC.</summary>
    public ushort Day;
    /// <summary>From the last positive event to the end of <see cref="Day"/>, rounded up, at most 45 days; 65,535 for never.</summary>
    public ushort PositiveMinutes;
    public ShortFloat Impressions;
    public ShortFloat Clicks;
    public ShortFloat Positives;
}

/// <summary>The keys a user touched last, the latest at the end; when full, the one that was touched longest ago makes room.</summary>
internal struct AffinityTable(int capacity)
{
    private const uint DaySeconds = 86_400;
    private readonly int capacity = capacity;
    private AffinityCell[] cells = [];

    public int Count { get; private set; }
    public readonly int Capacity => capacity;
    public readonly ReadOnlySpan<AffinityCell> Cells => cells.AsSpan(0, Count);

    /// <summary>The counts of a key faded to now; all 0 when the user never met it.</summary>
    public readonly Affinity Find(uint key, uint nowSeconds)
    {
        foreach (ref readonly var cell in Cells)
        {
            if (cell.Key != key) continue;
            // A moment before the cell's latest event sees the cell as of that day.
            var fade = Weight(-Math.Max(0, nowSeconds - cell.Day * (long)DaySeconds));
            var positive = cell.PositiveMinutes == AffinityCell.Never ? 0 : (cell.Day + 1u) * DaySeconds - cell.PositiveMinutes * 60u;
            return new Affinity(cell.Impressions * fade, cell.Clicks * fade, cell.Positives * fade, positive);
        }
        return default;
    }

    public void Apply(uint key, uint seconds, in EventKind kind)
    {
        if (key == 0) return;
        ref var cell = ref Touch(key);
        var day = (ushort)(seconds / DaySeconds);
        if (day > cell.Day) Turn(ref cell, day);
        if (!kind.Impression && !kind.Click && !kind.Positive) return;
        // Less than 1 for an event of an earlier day.
        var weight = Weight(seconds - cell.Day * (long)DaySeconds);
        if (kind.Impression) cell.Impressions += weight;
        if (kind.Click) cell.Clicks += weight;
        if (kind.Positive)
        {
            cell.Positives += weight;
            var minutes = ((cell.Day + 1) * (long)DaySeconds - seconds + 59) / 60;
            cell.PositiveMinutes = (ushort)Math.Min(cell.PositiveMinutes, Math.Min(minutes, AffinityCell.Never - 1));
        }
        if (Math.Max(cell.Impressions, Math.Max(cell.Clicks, cell.Positives)) > AffinityCell.Most) Scale(ref cell, 0.5f);
    }

    /// <summary>
    /// Takes an event back from a key that is still known, by what such an event weighs at its time; the key's place and the time of its
    /// last positive event stay.
    /// </summary>
    public readonly void TakeBack(uint key, uint seconds, in EventKind kind)
    {
        foreach (ref var cell in cells.AsSpan(0, Count))
        {
            if (cell.Key != key || key == 0) continue;
            var weight = Weight(seconds - cell.Day * (long)DaySeconds);
            if (kind.Impression) cell.Impressions = TakenBack.From(cell.Impressions, weight);
            if (kind.Click) cell.Clicks = TakenBack.From(cell.Clicks, weight);
            if (kind.Positive) cell.Positives = TakenBack.From(cell.Positives, weight);
            return;
        }
    }

    public void Restore(AffinityCell[] saved) => (cells, Count) = (saved, saved.Length);

    /// <summary>Becomes equal to another table of the same capacity; allocates only to grow.</summary>
    public void CopyFrom(in AffinityTable other)
    {
        if (cells.Length < other.Count) cells = new AffinityCell[other.cells.Length];
        other.Cells.CopyTo(cells);
        Count = other.Count;
    }

    /// <summary>Takes in everything of another; the keys of the latest days stay, and of one day those touched last in either.</summary>
    public void Merge(in AffinityTable other)
    {
        var all = new Dictionary<uint, (AffinityCell Cell, int Back)>();
        Collect(Cells, all);
        Collect(other.Cells, all);
        var kept = all.Values.OrderBy(entry => entry.Cell.Day).ThenByDescending(entry => entry.Back).ThenBy(entry => entry.Cell.Key)
            .Select(entry => entry.Cell).TakeLast(capacity);
        Restore([.. kept]);
    }

    private static void Collect(ReadOnlySpan<AffinityCell> cells, Dictionary<uint, (AffinityCell Cell, int Back)> all)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var (cell, back) = (cells[i], cells.Length - i);
            if (all.TryGetValue(cell.Key, out var known)) (cell, back) = (Sum(cell, known.Cell), Math.Min(back, known.Back));
            all[cell.Key] = (cell, back);
        }
    }

    private static AffinityCell Sum(AffinityCell a, AffinityCell b)
    {
        var day = Math.Max(a.Day, b.Day);
        if (a.Day < day) Turn(ref a, day);
        if (b.Day < day) Turn(ref b, day);
        // Halved before they are stored: a sum of two may be more than 11 bits hold well.
        var (impressions, clicks, positives) = (a.Impressions + b.Impressions, a.Clicks + b.Clicks, a.Positives + b.Positives);
        var scale = Math.Max(impressions, Math.Max(clicks, positives)) > AffinityCell.Most ? 0.5f : 1;
        (a.Impressions, a.Clicks, a.Positives) = (impressions * scale, clicks * scale, positives * scale);
        a.PositiveMinutes = Math.Min(a.PositiveMinutes, b.PositiveMinutes);
        return a;
    }

    private static void Turn(ref AffinityCell cell, ushort day)
    {
        var days = day - cell.Day;
        if (cell.PositiveMinutes != AffinityCell.Never)
            cell.PositiveMinutes = (ushort)Math.Min(cell.PositiveMinutes + days * 1440L, AffinityCell.Never - 1);
        if (cell.Day != 0) Scale(ref cell, Weight(-days * (long)DaySeconds));
        cell.Day = day;
    }

    private static void Scale(ref AffinityCell cell, float by) =>
        (cell.Impressions, cell.Clicks, cell.Positives) = (cell.Impressions * by, cell.Clicks * by, cell.Positives * by);

    private static float Weight(long seconds) => MathF.Exp(seconds * (1000f / DecayFactors.MonthMs));

    private ref AffinityCell Touch(uint key)
    {
        var at = Count - 1;
        while (at >= 0 && cells[at].Key != key) at--;
        var found = at >= 0 ? cells[at] : new AffinityCell { Key = key, PositiveMinutes = AffinityCell.Never };
        if (at < 0 && Count < capacity)
        {
            if (Count == cells.Length) Array.Resize(ref cells, Math.Min(capacity, Math.Max(4, Count * 2)));
            at = Count++;
        }
        at = Math.Max(at, 0);
        cells.AsSpan(at + 1, Count - at - 1).CopyTo(cells.AsSpan(at));
        cells[Count - 1] = found;
        return ref cells[Count - 1];
    }
}
