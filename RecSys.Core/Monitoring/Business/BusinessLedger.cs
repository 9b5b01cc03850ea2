using RecSys.Core.Domain.Columns;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// What served lists brought, by the hour (UTC) in which they were answered, however late it came: <see cref="KeptHours"/> hours, and the
/// last 60 minutes by when things happened. At most 2 KB an hour as a rule, 20 KB where every break-down has as many rows as it may.
/// Thread-safe; whoever counts is alone.
/// </summary>
/// <param name="sourceNames">Names of the bits of a candidate's sources, the lowest first.</param>
/// <param name="currency">Money in another one is left out; null: the first one that comes is the one.</param>
/// <param name="metrics">Told of what is counted and left out.</param>
internal sealed class BusinessLedger(IReadOnlyList<string> sourceNames, string? currency, BusinessMetrics metrics)
{
    /// <summary>Hours kept: 35 days.</summary>
    public const int KeptHours = 35 * 24;

    /// <summary>Minutes kept.</summary>
    public const int KeptMinutes = 60;

    /// <summary>Milliseconds of an hour.</summary>
    public const long HourMs = 3_600_000;

    /// <summary>Milliseconds of a minute.</summary>
    public const long MinuteMs = 60_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, BusinessHour> hours = [];
    private readonly SortedDictionary<long, BusinessTotals> minutes = [];
    private readonly long[] leftOut = new long[Enum.GetValues<LeftOut>().Length];
    private readonly RecordWriter writer = new();
    private string? found;
    private long now;

    /// <summary>The currency of all money; null before any came.</summary>
    public string? Currency => currency ?? found;

    /// <summary>The currency where no option named one, but the first event with one; else null.</summary>
    public string? FoundCurrency => currency is null ? found : null;

    /// <summary>Tells what time it is, and lets go of what is too old.</summary>
    public void Turn(long nowMs)
    {
        lock (gate)
        {
            if (now - nowMs >= MinuteMs) ShiftMinutes((now - nowMs) / MinuteMs * MinuteMs);
            now = nowMs;
            Trim(hours, now - KeptHours * HourMs);
            Trim(minutes, now - KeptMinutes * MinuteMs);
        }
    }

    /// <summary>Counts a served list.</summary>
    public void Count(CountedList list)
    {
        var totals = new BusinessTotals(1, list.Items.Length, 0, 0, list.Personal ? 1 : 0, 0);
        lock (gate)
        {
            if (HourOf(list) is not { } hour) return;
            Add(hour, list, list.TimeMs, totals);
            for (var bit = 0; bit < sourceNames.Count; bit++)
            {
                var places = Places(list, bit);
                if (places > 0) hour.Add(BreakDown.Source, sourceNames[bit], totals with { Impressions = places });
            }
        }
    }

    /// <summary>Counts what came of a list that is counted. Its first impression makes reports count in place of places.</summary>
    public void Count(CountedList list, in ListOutcomeEvent e)
    {
        lock (gate)
        {
            if (HourOf(list) is not { } hour) return;
            var place = Array.IndexOf(list.Items, e.Item);
            if (place < 0)
            {
                Leave(LeftOut.NotInList);
                return;
            }
            if (e.IsImpression && !list.IsReported) TakePlacesBack(hour, list);
            var money = MoneyOf(e);
            var more = e.Adds with { Impressions = e.IsImpression ? 1 : 0, Revenue = money ?? 0 };
            Add(hour, list, e.TimeMs, more);
            for (var bit = 0; bit < sourceNames.Count; bit++)
            {
                if ((list.Sources[place] >> bit & 1) != 0) hour.Add(BreakDown.Source, sourceNames[bit], more);
            }
            if (money is { } paid)
            {
                hour.Add(e.Source, new RevenueTotals(paid, 1));
                metrics.Earned(e.Source, paid);
            }
            metrics.Counted(list, in e);
        }
    }

    /// <summary>Counts an event that cannot be counted.</summary>
    public void LeaveOut(LeftOut why)
    {
        lock (gate) Leave(why);
    }

    /// <summary>Number of events left out, by <see cref="LeftOut"/>.</summary>
    public IReadOnlyList<long> ReadLeftOut()
    {
        lock (gate) return [.. leftOut];
    }

    /// <summary>All lists of the hours from one (inclusive) to another (exclusive), added up.</summary>
    public BusinessHour Sum(long fromMs, long toMs)
    {
        var sum = new BusinessHour();
        lock (gate)
        {
            foreach (var (start, hour) in hours)
            {
                if (start >= fromMs && start < toMs) sum.Add(hour);
            }
        }
        return sum;
    }

    /// <summary>Totals of each hour in which there was something, by its start.</summary>
    public Dictionary<long, BusinessTotals> ReadHours()
    {
        lock (gate) return hours.ToDictionary(hour => hour.Key, hour => hour.Value.Totals);
    }

    /// <summary>What happened in the minutes from one (inclusive) to another (exclusive), whatever list it belongs to.</summary>
    public BusinessTotals ReadMinutes(long fromMs, long toMs)
    {
        lock (gate)
        {
            return minutes.Where(minute => minute.Key >= fromMs && minute.Key < toMs)
                .Aggregate(default(BusinessTotals), (sum, minute) => sum + minute.Value);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            hours.Clear();
            minutes.Clear();
            Array.Clear(leftOut);
            found = null;
        }
    }

    /// <summary>Stored form: first what is of no time, then minutes, then hours.</summary>
    public List<WindowSlot> Slots()
    {
        lock (gate)
        {
            writer.Clear();
            writer.Text(Currency ?? "");
            foreach (var count in leftOut) writer.Int64(count);
            List<WindowSlot> slots = [new WindowSlot(0, 0, writer.Written.ToArray())];
            foreach (var (start, totals) in minutes)
            {
                writer.Clear();
                totals.Write(writer);
                slots.Add(new WindowSlot(start, start + MinuteMs, writer.Written.ToArray()));
            }
            slots.AddRange(hours.Select(hour => new WindowSlot(hour.Key, hour.Key + HourMs, hour.Value.ToBytes(writer))));
            return slots;
        }
    }

    /// <summary>Takes over what <see cref="Slots"/> gave, in place of everything.</summary>
    /// <exception cref="InvalidDataException">It is something else, or money of another currency than the one that is wanted.</exception>
    public void Restore(IReadOnlyList<WindowSlot> slots)
    {
        lock (gate)
        {
            hours.Clear();
            minutes.Clear();
            foreach (var slot in slots)
            {
                if (slot.End == 0) found = StoredForm.Read(slot.Content, ReadLeftOut);
                else if (slot.End - slot.Start == HourMs) hours[slot.Start] = BusinessHour.Of(slot.Content);
                else minutes[slot.Start] = StoredForm.Read(slot.Content, BusinessTotals.Read);
            }
            if (currency is not null && found is not null && found != currency)
                throw new InvalidDataException($"its money is in {found}, and Monitoring:Currency is {currency}");
        }
    }

    private void Leave(LeftOut why)
    {
        leftOut[(int)why]++;
        metrics.LeftOut(why);
    }

    private string? ReadLeftOut(ref RecordReader reader)
    {
        var known = reader.Text();
        for (var i = 0; i < leftOut.Length; i++) leftOut[i] = reader.Int64();
        return known.Length == 0 ? null : known;
    }

    // What happened before the clock was set back stays as long ago as it was: else the last minutes would have it, and again when the
    // clock is there. Hours are those of the lists, whatever the clock says now.
    private void ShiftMinutes(long back)
    {
        var kept = minutes.ToList();
        minutes.Clear();
        foreach (var (start, totals) in kept) minutes[start - back] = totals;
    }

    private static void Trim<T>(SortedDictionary<long, T> slots, long before)
    {
        foreach (var start in slots.Keys.TakeWhile(start => start < before).ToList()) slots.Remove(start);
    }

    private static int Places(CountedList list, int bit) => list.Sources.Count(sources => (sources >> bit & 1) != 0);

    // What was counted for the places of the list, when reports take their part.
    private void TakePlacesBack(BusinessHour hour, CountedList list)
    {
        list.IsReported = true;
        Add(hour, list, list.TimeMs, new BusinessTotals(0, -list.Items.Length, 0, 0, 0, 0));
        for (var bit = 0; bit < sourceNames.Count; bit++)
        {
            var places = Places(list, bit);
            if (places > 0) hour.Add(BreakDown.Source, sourceNames[bit], new BusinessTotals(0, -places, 0, 0, 0, 0));
        }
    }

    private void Add(BusinessHour hour, CountedList list, long atMs, BusinessTotals more)
    {
        hour.Add(more);
        hour.Add(BreakDown.Variant, list.Variant, more);
        hour.Add(BreakDown.Scenario, list.Scenario, more);
        foreach (var segment in list.Segments) hour.Add(BreakDown.Segment, segment, more);
        // A sender's clock may be ahead.
        var minute = Math.Min(atMs, now) / MinuteMs * MinuteMs;
        if (minute >= now - KeptMinutes * MinuteMs) minutes[minute] = minutes.GetValueOrDefault(minute) + more;
    }

    private BusinessHour? HourOf(CountedList list)
    {
        var start = list.TimeMs / HourMs * HourMs;
        if (start < now - KeptHours * HourMs)
        {
            Leave(LeftOut.TooOld);
            return null;
        }
        if (!hours.TryGetValue(start, out var hour)) hours[start] = hour = new BusinessHour();
        return hour;
    }

    private double? MoneyOf(in ListOutcomeEvent e)
    {
        if (double.IsNaN(e.Amount)) return null;
        if (e.Currency.Length == 0 || e.Currency == Currency) return e.Revenue;
        if (Currency is null)
        {
            found = e.Currency;
            return e.Revenue;
        }
        Leave(LeftOut.OtherCurrency);
        return null;
    }
}
