using System.Globalization;
using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>
/// Looks at every event of a window before anything is learnt from it. Two passes: whether a user is a bot shows only at the end of the
/// first. Memory: about 40 bytes an event of the window to know duplicates by, and the counts of users by day and minute.
/// </summary>
/// <param name="options">The rules.</param>
public sealed class QualityCheck(QualityOptions options)
{
    /// <param name="entries">The log, or a part that holds the window; read twice, entries in the order of positions.</param>
    /// <param name="from">Start of the window by the time that folds go by, inclusive; a whole day, UTC.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="unknownItems">Events of the window that wait beside the log because nobody knows their item.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <param name="remarksFrom">Days before it are of single late events and not compared with others; null compares all.</param>
    public async Task<QualityResult> RunAsync(
        Func<IAsyncEnumerable<LogEntry>> entries, DateTimeOffset from, DateTimeOffset to, long unknownItems,
        IProgress<WorkProgress>? progress, CancellationToken ct, DateTimeOffset? remarksFrom = null)
    {
        var bots = new BotRules(options);
        var faults = new Dictionary<long, EventFault>();
        var known = new HashSet<EventContent>();
        var events = 0L;
        await foreach (var (e, entry) in EventsOf(entries(), from, to, ct))
        {
            var fault = EventValidity.FaultOf(e, entry.ReceivedMs, options);
            if (fault == EventFault.None && !known.Add(EventContent.Of(e, entry))) fault = EventFault.Duplicate;
            // What is sent again and again makes nobody a bot.
            if (fault == EventFault.None) bots.Observe(e, entry.FoldMs);
            else faults.Add(entry.Position, fault);
            if (++events % 100_000 == 0) progress?.Report(new WorkProgress("look for bots", events, null, "events"));
        }
        bots.Close();

        var days = new SortedDictionary<DateOnly, DayTally>();
        for (var day = DateOnly.FromDateTime(from.UtcDateTime); day.ToDateTime(TimeOnly.MinValue) < to.UtcDateTime; day = day.AddDays(1))
            days.Add(day, new DayTally(day));
        var rejected = new List<long>();
        var done = 0L;
        await foreach (var (e, entry) in EventsOf(entries(), from, to, ct))
        {
            var fault = faults.GetValueOrDefault(entry.Position);
            if (fault == EventFault.None && bots.IsBot(e.UserId)) fault = EventFault.Bot;
            if (fault != EventFault.None) rejected.Add(entry.Position);
            days[DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(entry.FoldMs).UtcDateTime)].Add(e, fault);
            if (++done % 100_000 == 0) progress?.Report(new WorkProgress("validate", done, events, "events"));
        }
        progress?.Report(new WorkProgress("validate", done, events, "events"));
        DayQuality[] quality = [.. days.Values.Select(day => day.ToQuality())];
        var first = DateOnly.FromDateTime((remarksFrom ?? from).UtcDateTime);
        return new QualityResult(
            new QualityReport(
                from, to, quality, unknownItems, bots.Count, DayRemarks.Of([.. quality.Where(day => day.Day >= first)], options)),
            [.. rejected]);
    }

    private static async IAsyncEnumerable<(Event Event, LogEntry Entry)> EventsOf(
        IAsyncEnumerable<LogEntry> entries, DateTimeOffset from, DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var (fromMs, toMs) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        await foreach (var entry in entries.WithCancellation(ct))
        {
            if (entry.Change is EventChange change && entry.FoldMs >= fromMs && entry.FoldMs < toMs) yield return (change.Event, entry);
        }
    }

    // Two of 64 bits each: among twenty million events two different ones are alike once in 10^23 windows.
    private readonly record struct EventContent(ulong A, ulong B)
    {
        public static EventContent Of(Event e, LogEntry entry)
        {
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{e.UserId}\n{entry.Item}\n{(int)e.Type}\n{e.Time.ToUnixTimeMilliseconds()}\n{e.Value}\n{e.Amount}\n")
                + string.Create(CultureInfo.InvariantCulture,
                    $"{(int?)e.Meaning}\n{e.Currency}\n{(int)e.RevenueSource}\n{e.Position}\n{e.RequestId}");
            return new EventContent(StableHash.Of(text), StableHash.Of(text, seed: 1));
        }
    }
}
