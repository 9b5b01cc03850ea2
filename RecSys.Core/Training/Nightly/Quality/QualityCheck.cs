using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>
/// Looks at every event of a window before anything is learnt from it. One reading: whether a user is a bot shows only at its end, so that
/// who did what is kept until then. Memory: about 50 bytes an event of the window, most of them to know duplicates by, and the counts of
/// users by day and minute.
/// </summary>
/// <param name="options">The rules.</param>
public sealed class QualityCheck(QualityOptions options)
{
    /// <param name="entries">The log, or a part that holds the window, entries in the order of positions.</param>
    /// <param name="from">Start of the window by the time that folds go by, inclusive; a whole day, UTC.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="unknownItems">Events of the window that wait beside the log because nobody knows their item.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <param name="remarksFrom">Days before it are of single late events and not compared with others; null compares all.</param>
    public async Task<QualityResult> RunAsync(
        IAsyncEnumerable<LogEntry> entries, DateTimeOffset from, DateTimeOffset to, long unknownItems,
        IProgress<WorkProgress>? progress, CancellationToken ct, DateTimeOffset? remarksFrom = null)
    {
        var bots = new BotRules(options);
        var days = new SortedDictionary<DateOnly, DayTally>();
        for (var day = DateOnly.FromDateTime(from.UtcDateTime); day.ToDateTime(TimeOnly.MinValue) < to.UtcDateTime; day = day.AddDays(1))
            days.Add(day, new DayTally(day));
        var known = new HashSet<(ulong, ulong)>();
        var (rejected, sound, users) = (new List<long>(), new List<long>(), new List<int>());
        var events = 0L;
        await foreach (var (e, entry) in EventsOf(entries, from, to, ct))
        {
            var fault = EventValidity.FaultOf(e, entry.ReceivedMs, options);
            if (fault == EventFault.None && !known.Add(ContentOf(e, entry))) fault = EventFault.Duplicate;
            // What is sent again and again makes nobody a bot.
            if (fault == EventFault.None)
            {
                sound.Add(entry.Position);
                users.Add(bots.Observe(e, entry.FoldMs));
            }
            else rejected.Add(entry.Position);
            days[DayOf(entry.FoldMs)].Add(e, fault);
            if (++events % 100_000 == 0) progress?.Report(new WorkProgress("validate", events, null, "events"));
        }
        progress?.Report(new WorkProgress("validate", events, events, "events"));
        bots.Close();
        foreach (var (day, count) in bots.EventsByDay()) days[DayOf(day)].Reject(EventFault.Bot, count);
        for (var i = 0; i < sound.Count; i++)
        {
            if (bots.IsBot(users[i])) rejected.Add(sound[i]);
        }
        rejected.Sort();
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

    private static DateOnly DayOf(long timeMs) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(timeMs).UtcDateTime);

    // Among twenty million events two different ones are alike once in 10^23 windows.
    private static (ulong, ulong) ContentOf(Event e, LogEntry entry)
    {
        var hash = new ContentHash();
        hash.Add(e.UserId);
        hash.Add(entry.Item);
        hash.Add((long)e.Type);
        hash.Add(e.Time.ToUnixTimeMilliseconds());
        hash.Add(e.Value);
        hash.Add(e.Amount);
        hash.Add(e.Meaning is { } meaning ? (long)meaning : -1);
        hash.Add(e.Currency);
        hash.Add((long)e.RevenueSource);
        hash.Add(e.Position ?? long.MinValue);
        hash.Add(e.RequestId);
        return hash.ToValue();
    }
}
