using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Writes the closed days of the log, one entry at a time: memory does not grow with the day.</summary>
internal sealed class LogExport(ILakeStore store, LakeSource source, TimeProvider clock, LakeOptions options)
{
    private const int ReportEvery = 4_096;

    /// <param name="request">Which days.</param>
    /// <param name="written">Gets the days.</param>
    /// <param name="progress">Told of entries.</param>
    /// <param name="ct">Stops; days that are written stay.</param>
    /// <returns>Why a day that is over was not written; null when none is left.</returns>
    internal async Task<string?> RunAsync(LakeExportRequest request, LakeDaysWritten written, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var through = LakeClock.LastClosed(clock.GetUtcNow(), options.CloseMinutes, request);
        var head = await source.Log.ReadHeadAsync(ct);
        var there = await new LakeDays(store).ListAsync(LakeTable.Log, ct);
        if (there.Count > 0) await CheckForkAsync(there, head, ct);
        var erased = (await source.Contents.ReadErasedAsync(ct)).ToLookup(each => each.Position, each => each.Id);
        var days = new LogDays(store, clock, options, head.Epoch, erased, written);
        LakeManifest? before = null;
        foreach (var next in there)
        {
            // Days that were removed, say because they were damaged, are written anew between those that are there.
            if (before is null ? next.FirstPosition > 1 : before.Day.AddDays(1) < next.Day)
            {
                var gap = new LogSpan(before, next.Day.AddDays(-1), next.FirstPosition!.Value - 1);
                if (await RunAsync(days, gap, null, progress, ct) is { } waiting) return waiting;
            }
            before = next;
        }
        if (before?.Day >= through) return null;
        // What was erased behind the head is not in the list.
        return await RunAsync(days, new LogSpan(before, through, head.Position), request, progress, ct);
    }

    // The request is given for the end of the log alone.
    private async Task<string?> RunAsync(LogDays days, LogSpan span, LakeExportRequest? request, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var newest = span.Before?.Day;
        try
        {
            days.Begin(span);
            await foreach (var entry in source.Log.ReadAfterAsync(span.First - 1, ct))
            {
                if (entry.Position > span.Last || !await days.MoveAsync(LakeClock.DayOf(entry.ReceivedMs), ct)) break;
                newest = days.Day;
                if (entry is { Change: EventChange, Contribution: null }) return Waiting(entry, days.Day!.Value);
                await days.AddAsync(entry, ct);
                if (entry.Position % ReportEvery == 0) Report(entry.Position);
            }
            Report(span.Last);
            if (request is not null && days.Day <= span.Through) LakeClock.CheckIdle(newest ?? days.Day.Value, span.Through, request);
            await days.FinishAsync(ct);
            return null;
        }
        finally
        {
            days.Abandon();
        }

        void Report(long position) =>
            progress?.Report(new WorkProgress("export log", position - span.First + 1, span.Last - span.First + 1, "entries"));
    }

    private static string Waiting(LogEntry entry, DateOnly day) =>
        $"The day {LakeNames.Plain(day)} waits: what entry {entry.Position} and later ones contributed is not recorded yet. A running "
            + "server records it within seconds; start one on this data (recsys serve), then export again.";

    // After a restore the log goes on from an earlier entry: what the lake has behind that one never happened in it.
    private async Task CheckForkAsync(IReadOnlyList<LakeManifest> there, LogHead head, CancellationToken ct)
    {
        var last = there[^1];
        var fork = last.Epoch == head.Epoch ? head.Position : await source.Contents.FindForkAsync(last.Epoch, ct);
        if (fork is not { } shared)
            throw new RecSysException($"The lake {store.Place} is that of another log than this data folder's. Choose another place for it "
                + "(Lake:Folder), or the data folder that it was written from.");
        if (there.FirstOrDefault(day => day.LastPosition > shared) is not { } first) return;
        throw new RecSysException($"The log was restored from a backup and has only the entries up to {shared} in common with the lake, "
            + $"whose days from {LakeNames.Plain(first.Day)} on hold later ones. Remove these days, beginning with "
            + $"{new LakeDays(store).NameOf(LakeTable.Log, first.Day)}, and export again.");
    }
}
