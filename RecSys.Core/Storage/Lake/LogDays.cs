using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Publishes the days of a span of the log one after another, those without entries too.</summary>
internal sealed class LogDays(
    ILakeStore store, TimeProvider clock, LakeOptions options, long epoch, ILookup<long, string> erased, LakeDaysWritten written)
{
    private LogSpan span = null!;
    private LogDayWriter? writer;
    private long first;

    /// <summary>The day that the next entry belongs to; null before the first entry of a log.</summary>
    internal DateOnly? Day { get; private set; }

    internal void Begin(LogSpan next) => (span, first, Day) = (next, next.First, next.Before?.Day.AddDays(1));

    /// <summary>Publishes the days before that of an entry.</summary>
    /// <param name="received">
    /// The day of its receipt. Where that one is closed already, as after it was closed early or a clock was set back, the entry belongs to
    /// the day that is being written.
    /// </param>
    /// <param name="ct">Stops; published days stay.</param>
    /// <returns>False when the entry lies behind the last day of the span.</returns>
    internal async Task<bool> MoveAsync(DateOnly received, CancellationToken ct)
    {
        Day ??= received;
        while (Day < received && Day <= span.Through) await PublishAsync(ct);
        return Day <= span.Through;
    }

    internal async Task AddAsync(LogEntry entry, CancellationToken ct)
    {
        writer ??= await OpenAsync(ct);
        writer.Add(entry, erased.Contains(entry.Position) ? [.. erased[entry.Position]] : null);
    }

    /// <summary>Publishes what is left of the span.</summary>
    internal async Task FinishAsync(CancellationToken ct)
    {
        while (Day <= span.Through) await PublishAsync(ct);
    }

    /// <summary>Leaves nothing of a day that is not published.</summary>
    internal void Abandon()
    {
        writer?.Dispose();
        writer = null;
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        writer ??= await OpenAsync(ct);
        var draft = LakeDraft.Of(LakeTable.Log, Day!.Value, epoch, clock) with { FirstPosition = first };
        var (manifest, isOurs) = await writer.FinishAsync(draft, ct);
        Abandon();
        // What is there goes on, whoever wrote it: another export may have closed the day elsewhere.
        if (!isOurs)
        {
            var there = await new LakeDays(store).GetAsync(LakeTable.Log, manifest.Day, ct);
            if (there.LastPosition != manifest.LastPosition)
                throw new RecSysException($"Another export has published the day {LakeNames.Plain(there.Day)} up to position "
                    + $"{there.LastPosition} meanwhile. Run one export at a time, and this one again: it goes on behind that day.");
            manifest = there;
        }
        written.Add(manifest, isOurs);
        (first, Day) = (manifest.LastPosition!.Value + 1, manifest.Day.AddDays(1));
    }

    private async Task<LogDayWriter> OpenAsync(CancellationToken ct) =>
        new(await store.BeginAsync(LakeTable.Log, Day!.Value, ct), options.RowsPerFile);
}
