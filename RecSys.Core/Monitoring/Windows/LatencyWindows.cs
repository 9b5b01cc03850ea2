using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// The latencies of the last 24 hours for windows of any length up to that. Stretches of 5 s are kept for 5 minutes, then they are merged
/// to minutes, after an hour to quarters of an hour: at most some 220 of them, as a rule 1 to 4 KB each (only used buckets are kept), at
/// the very worst 45 KB each; and the recorder's 180 KB. Thread-safe.
/// </summary>
/// <param name="time">Tells where stretches end.</param>
public sealed class LatencyWindows(TimeProvider time)
{
    /// <summary>Length of the finest stretches.</summary>
    public static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(FinestMs);

    /// <summary>The longest window.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(LongestMs);

    private const long FinestMs = 5_000, MinuteMs = 60_000, QuarterMs = 15 * MinuteMs;
    private const long FineUntilMs = 5 * MinuteMs, MinutesUntilMs = 60 * MinuteMs, LongestMs = 24 * 60 * MinuteMs;

    private readonly LatencyRecorder recorder = new();
    private readonly RecordWriter writer = new();
    private readonly Lock gate = new();
    private readonly List<WindowSlot> slots = [];
    private RequestLatencies current = new();
    private long currentStart = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Records a request: no lock, no wait, no allocation.</summary>
    /// <param name="total">From its first byte to its response, nanoseconds.</param>
    /// <param name="parts">Of it by <see cref="RequestPart"/>, nanoseconds; <see cref="RequestParts.Count"/> of them.</param>
    /// <param name="failed">True when it failed.</param>
    public void Record(long total, ReadOnlySpan<long> parts, bool failed) => recorder.Record(total, parts, failed);

    /// <summary>
    /// Records a request that failed before any stage ran, such as one that was shed: a failure whose time says nothing of how long lists
    /// take. As quick as <see cref="Record"/>.
    /// </summary>
    public void Shed() => recorder.Shed();

    /// <summary>
    /// Records a request that was refused because of what it was, or of how many its caller sent: no failure, and no time. As quick as
    /// <see cref="Record"/>.
    /// </summary>
    public void Refuse() => recorder.Refuse();

    /// <summary>Ends the present stretch if its time is over, merges old ones, and forgets what is older than a day.</summary>
    public void Turn()
    {
        lock (gate) Turn(Now());
    }

    /// <summary>The requests that ended in the last <paramref name="window"/>.</summary>
    /// <param name="window">Up to <see cref="Longest"/>.</param>
    public LatencyWindow Read(TimeSpan window)
    {
        var sum = new RequestLatencies();
        long now, from;
        lock (gate)
        {
            now = Now();
            from = now - (long)window.TotalMilliseconds;
            Turn(now);
            var first = slots.FindIndex(slot => slot.End > from);
            if (first >= 0)
            {
                foreach (var slot in slots.Skip(first)) sum.Add(slot.Content);
                from = Math.Min(from, slots[first].Start);
            }
            sum.Add(current.ToBytes(writer));
        }
        return new LatencyWindow(
            DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(now), sum.Requests, sum.Failures,
            sum.Shed, sum.Refusals, LatencyRow.Of("total", sum[RequestLatencies.Total]),
            [.. RequestParts.Names.Select((name, part) => LatencyRow.Of(name, sum[part + 1]))],
            LatencyRow.Of("unattributed", sum[RequestLatencies.Rest]));
    }

    /// <summary>The requests of the last <paramref name="window"/> over time, the oldest stretch first; those in which nothing came are
    /// left out.</summary>
    /// <param name="window">Up to <see cref="Longest"/>.</param>
    /// <param name="step">Stretches that end within the same step become one; kept ones that are longer stay what they are.</param>
    public IReadOnlyList<LatencyPoint> Series(TimeSpan window, TimeSpan step)
    {
        var all = Slots();
        var length = (long)step.TotalMilliseconds;
        var from = all.Count == 0 ? 0 : Math.Max(all[^1].End, time.GetUtcNow().ToUnixTimeMilliseconds()) - (long)window.TotalMilliseconds;
        return
        [
            .. all.Where(slot => slot.End > from).GroupBy(slot => (slot.End - 1) / length).Select(group =>
            {
                var sum = new RequestLatencies();
                foreach (var slot in group) sum.Add(slot.Content);
                return new LatencyPoint(
                    DateTimeOffset.FromUnixTimeMilliseconds(group.First().Start), DateTimeOffset.FromUnixTimeMilliseconds(group.Last().End),
                    sum.Requests, sum.Failures, sum.Shed, sum.Refusals, LatencyRow.Of("total", sum[RequestLatencies.Total]),
                    [.. Enumerable.Range(1, RequestParts.Count + 1).Select(series => sum[series].Mean)]);
            }),
        ];
    }

    /// <summary>All stretches with the present one, from the oldest on.</summary>
    internal IReadOnlyList<WindowSlot> Slots()
    {
        lock (gate)
        {
            var now = Now();
            Turn(now);
            return current.IsEmpty ? [.. slots] : [.. slots, new WindowSlot(currentStart, now, current.ToBytes(writer))];
        }
    }

    /// <summary>Puts stretches of an earlier process in front; those from a time that is still to come are left out.</summary>
    internal void Restore(IReadOnlyList<WindowSlot> earlier)
    {
        lock (gate)
        {
            slots.InsertRange(0, earlier.Where(slot => slot.End <= currentStart));
            Compact(currentStart);
        }
    }

    // What was measured before the clock was set back stays as long ago as it was: else the last minute would be all that came since, until
    // the clock is where it had been. A correction by less than a stretch is waited for.
    private long Now()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (currentStart - now is > FinestMs and var back)
        {
            WindowSlot.Shift(slots, back);
            currentStart = now;
        }
        return Math.Max(currentStart, now);
    }

    private void Turn(long now)
    {
        recorder.Collect(current);
        if (now / FinestMs <= currentStart / FinestMs) return;
        if (!current.IsEmpty)
        {
            slots.Add(new WindowSlot(currentStart, now, current.ToBytes(writer)));
            current = new RequestLatencies();
        }
        currentStart = now;
        Compact(now);
    }

    private void Compact(long now)
    {
        slots.RemoveAll(slot => slot.End <= now - LongestMs);
        for (var at = slots.Count - 2; at >= 0; at--)
        {
            // The younger of the two decides how fine both have to stay.
            var length = LengthAt(now - slots[at + 1].End);
            if (slots[at].Start / length != slots[at + 1].Start / length) continue;
            var merged = new RequestLatencies();
            merged.Add(slots[at].Content);
            merged.Add(slots[at + 1].Content);
            slots[at] = new WindowSlot(slots[at].Start, slots[at + 1].End, merged.ToBytes(writer));
            slots.RemoveAt(at + 1);
        }
    }

    private static long LengthAt(long age) => age switch
    {
        < FineUntilMs => FinestMs,
        < MinutesUntilMs => MinuteMs,
        _ => QuarterMs,
    };
}
