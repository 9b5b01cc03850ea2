using System.Globalization;
using System.Text;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>How sound a window of the log is, and what was left out of it.</summary>
/// <param name="From">Start of the window, inclusive.</param>
/// <param name="To">End of the window, exclusive.</param>
/// <param name="Days">Every day of the window in order, those without events included.</param>
/// <param name="UnknownItems">Events that never came into the log because nobody knows their item.</param>
/// <param name="Bots">Users whose events are left out.</param>
/// <param name="Remarks">What differs between days, in words.</param>
public sealed record QualityReport(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DayQuality> Days, long UnknownItems, int Bots, IReadOnlyList<string> Remarks)
{
    /// <summary>Events that came, those on unknown items included.</summary>
    public long Raw => UnknownItems + Days.Sum(day => day.Raw);

    /// <summary>Events that are learnt from.</summary>
    public long Kept => Days.Sum(day => day.Kept);

    /// <summary><see cref="Kept"/> over <see cref="Raw"/>; 0 without events.</summary>
    public double Rate => Raw == 0 ? 0 : (double)Kept / Raw;

    /// <summary>Events left out for a reason, over all days.</summary>
    public long Rejected(EventFault fault) => Days.Sum(day => day.Rejected.GetValueOrDefault(fault));

    /// <summary>A plain text table of days and reasons.</summary>
    /// <param name="most">Days and remarks that are shown, the latest days and the first remarks.</param>
    public string ToTable(int most = int.MaxValue)
    {
        var faults = Enum.GetValues<EventFault>().Where(fault => fault != EventFault.None).ToArray();
        var text = new StringBuilder();
        text.Append("day         ").Append("raw".PadLeft(12)).Append("kept".PadLeft(12)).Append("quality".PadLeft(10));
        foreach (var fault in faults) text.Append(Name(fault).PadLeft(Name(fault).Length + 2));
        text.Append('\n');
        foreach (var day in Days.TakeLast(most))
            Row($"{day.Day:yyyy-MM-dd}", day.Raw, day.Kept, day.Kept / (double)Math.Max(1, day.Raw),
                fault => day.Rejected.GetValueOrDefault(fault));
        Row("all", Raw, Kept, Rate, Rejected);
        if (UnknownItems > 0) text.Append(CultureInfo.InvariantCulture, $"on unknown items: {UnknownItems:#,0} of the raw events\n");
        if (Bots > 0) text.Append(CultureInfo.InvariantCulture, $"bots: {Bots:#,0} users\n");
        foreach (var remark in Remarks.Take(most)) text.Append(remark).Append('\n');
        return text.ToString();

        void Row(string name, long raw, long kept, double rate, Func<EventFault, long> rejected)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name,-12}{raw,12:#,0}{kept,12:#,0}{100 * rate,8:0.00} %");
            foreach (var fault in faults)
                text.Append("  ").Append(rejected(fault).ToString("#,0", CultureInfo.InvariantCulture).PadLeft(Name(fault).Length));
            text.Append('\n');
        }
    }

    private static string Name(EventFault fault) => fault switch
    {
        EventFault.FutureTime => "future_time",
        EventFault.ValueOutOfRange => "out_of_range",
        _ => fault.ToString().ToLowerInvariant(),
    };
}
