using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>
/// Counts of the last 24 hours: stretches of 5 minutes, after an hour and a bit merged to hours, so at most some 40 of 1 to 3 KB; a stretch
/// ends where another model takes over, too. Thread-safe.
/// </summary>
/// <param name="catalogue">The features and their bins.</param>
/// <param name="time">The clock of the served world.</param>
internal sealed class DriftWindows(FeatureCatalogue catalogue, TimeProvider time)
{
    private const long FineMs = 5 * 60_000, HourMs = 60 * 60_000, LongestMs = 24 * HourMs;

    // What is read as an hour reaches back to the beginning of a stretch.
    private const long FineUntilMs = HourMs + FineMs;

    // Swaps in a row cannot make stretches without end.
    private const int MostSlots = 400;

    private readonly Lock gate = new();
    private readonly RecordWriter writer = new();
    private readonly List<WindowSlot> slots = [];
    private readonly long[] quality = new long[4];
    private DriftCounts current = new(catalogue, "");
    private long currentStart = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long last = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Counts events that came in; no lock, from any thread.</summary>
    public void Count(EventQuality events)
    {
        Interlocked.Add(ref quality[0], events.Accepted);
        Interlocked.Add(ref quality[1], events.Parked);
        Interlocked.Add(ref quality[2], events.Duplicates);
        Interlocked.Add(ref quality[3], events.Refused);
    }

    /// <summary>Counts a list.</summary>
    public void Count(ListSample sample, DriftReference? reference, ItemCatalog items)
    {
        lock (gate)
        {
            Turn();
            if (current.Version != sample.Version) Close(new DriftCounts(catalogue, sample.Version));
            current.Add(sample, reference, items);
        }
    }

    /// <summary>The lists of a version, and the events, since a length of time.</summary>
    public (DriftCounts Counts, DateTimeOffset From, DateTimeOffset To) Read(TimeSpan window, string version)
    {
        lock (gate)
        {
            Turn();
            var now = Now();
            var from = now - (long)window.TotalMilliseconds;
            var first = slots.FindIndex(slot => slot.End > from);
            var sum = new DriftCounts(catalogue, version);
            foreach (var slot in first < 0 ? [] : slots.Skip(first)) Add(sum, DriftCounts.Of(slot.Content, catalogue));
            Add(sum, current);
            if (first >= 0) from = Math.Min(from, slots[first].Start);
            return (sum, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(now));
        }
    }

    /// <summary>All stretches with the present one, from the oldest on.</summary>
    public IReadOnlyList<WindowSlot> Slots()
    {
        lock (gate)
        {
            Turn();
            return current.IsEmpty ? [.. slots] : [.. slots, new WindowSlot(currentStart, Now(), current.ToBytes(writer))];
        }
    }

    /// <summary>Puts stretches of an earlier process in front; those from a time that is still to come are left out.</summary>
    /// <exception cref="InvalidDataException">They are no such stretches.</exception>
    public void Restore(IReadOnlyList<WindowSlot> earlier)
    {
        foreach (var slot in earlier) _ = DriftCounts.Of(slot.Content, catalogue);
        lock (gate)
        {
            slots.InsertRange(0, earlier.Where(slot => slot.End <= currentStart));
            Compact(currentStart);
        }
    }

    // What was counted before the clock was set back stays as long ago as it was, and the present stretch is cut there: else it would grow
    // until the clock is where it had been, and every window would be all of it. Less than a stretch is waited for.
    private long Now()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (last - now > FineMs)
        {
            var back = last - now;
            WindowSlot.Shift(slots, back);
            currentStart -= back;
            last = now;
        }
        return last = Math.Max(last, now);
    }

    private static void Add(DriftCounts sum, DriftCounts more)
    {
        if (more.Version == sum.Version) sum.Add(more);
        else sum.Quality += more.Quality;
    }

    private void Turn()
    {
        var now = Now();
        if (now / FineMs != currentStart / FineMs) Close(new DriftCounts(catalogue, current.Version));
        current.Quality += new EventQuality(
            Interlocked.Exchange(ref quality[0], 0), Interlocked.Exchange(ref quality[1], 0), Interlocked.Exchange(ref quality[2], 0),
            Interlocked.Exchange(ref quality[3], 0));
    }

    private void Close(DriftCounts next)
    {
        var now = Now();
        if (!current.IsEmpty) slots.Add(new WindowSlot(currentStart, now, current.ToBytes(writer)));
        (current, currentStart) = (next, now);
        Compact(now);
    }

    private void Compact(long now)
    {
        slots.RemoveAll(slot => slot.End <= now - LongestMs);
        for (var at = slots.Count - 2; at >= 0; at--)
        {
            if (now - slots[at + 1].End < FineUntilMs || slots[at].Start / HourMs != slots[at + 1].Start / HourMs) continue;
            var (first, second) = (DriftCounts.Of(slots[at].Content, catalogue), DriftCounts.Of(slots[at + 1].Content, catalogue));
            if (first.Version != second.Version) continue;
            first.Add(second);
            slots[at] = new WindowSlot(slots[at].Start, slots[at + 1].End, first.ToBytes(writer));
            slots.RemoveAt(at + 1);
        }
        if (slots.Count > MostSlots) slots.RemoveRange(0, slots.Count - MostSlots);
    }
}
