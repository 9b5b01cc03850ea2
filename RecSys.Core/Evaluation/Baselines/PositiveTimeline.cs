using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// The positive events of a log by time, countable per item in any span of time. Every so many events, as many as there are items, the
/// counts up to there are kept, so that a count of all items reads at most two of those and twice as many events, however long the span.
/// </summary>
internal sealed class PositiveTimeline
{
    private readonly long[] times;
    private readonly int[] events;
    private readonly int[][] countsUpTo;
    private readonly int step;

    /// <param name="log">All that may be counted.</param>
    public PositiveTimeline(InteractionLog log)
    {
        var positives = log.InTimeOrder().Events.ToArray().Where(e => e.IsPositive).ToArray();
        times = Array.ConvertAll(positives, e => e.TimeMs);
        events = Array.ConvertAll(positives, e => e.Item);
        step = Math.Max(1024, log.Items.Count);
        countsUpTo = new int[events.Length / step + 1][];
        var counts = new int[log.Items.Count];
        for (var i = 0; i <= events.Length; i++)
        {
            if (i % step == 0) countsUpTo[i / step] = [.. counts];
            if (i < events.Length) counts[events[i]]++;
        }
    }

    /// <summary>Events of each item from one moment to before another.</summary>
    /// <param name="fromMs">Unix milliseconds, inclusive.</param>
    /// <param name="toMs">Unix milliseconds, exclusive; null: to the end of the log, whose last moment then counts.</param>
    /// <param name="counts">Indexed by item ordinal; overwritten.</param>
    public void Count(long fromMs, long? toMs, Span<float> counts)
    {
        counts.Clear();
        var end = toMs is { } to ? FirstAt(to) : times.Length;
        Add(end, 1, counts);
        Add(Math.Min(FirstAt(fromMs), end), -1, counts);
    }

    /// <summary>Time of the last event, Unix milliseconds; 0 without any.</summary>
    public long LastMs => times.Length == 0 ? 0 : times[^1];

    private void Add(int end, int sign, Span<float> counts)
    {
        var known = countsUpTo[end / step];
        for (var item = 0; item < known.Length; item++) counts[item] += sign * known[item];
        for (var i = end / step * step; i < end; i++) counts[events[i]] += sign;
    }

    private int FirstAt(long timeMs)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] < timeMs) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
