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
    internal async Task<string?> RunAsync(LakeExportRequest request, List<LakeManifest> written, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var through = LakeClock.LastClosed(clock.GetUtcNow(), options.CloseMinutes, request);
        var head = await source.Log.ReadHeadAsync(ct);
        var last = await new LakeDays(store).FindLastAsync(LakeTable.Log, ct);
        if (last is not null) await CheckForkAsync(last, head, ct);
        if (last?.Day >= through) return null;

        var erased = (await source.Contents.ReadErasedAsync(ct)).ToLookup(each => each.Position, each => each.Id);
        var first = last?.LastPosition + 1 ?? 1;
        var day = last?.Day.AddDays(1);
        var newest = last?.Day;
        LogDayWriter? writer = null;
        try
        {
            await foreach (var entry in source.Log.ReadAfterAsync(first - 1, ct))
            {
                // What was erased behind the head is not in the list.
                if (entry.Position > head.Position) break;
                var own = LakeClock.DayOf(entry.ReceivedMs);
                for (day ??= own; day < own && day <= through; day = day.Value.AddDays(1)) await FinishAsync(day.Value);
                // Received on a day that is closed already, as after a clock was set back: the next day has it.
                newest = own > newest ? own : newest ?? own;
                if (day > through) break;
                if (entry is { Change: EventChange, Contribution: null }) return Waiting(entry, day.Value);
                writer ??= await BeginAsync(day.Value);
                writer.Add(entry, erased.Contains(entry.Position) ? [.. erased[entry.Position]] : null);
                if (entry.Position % ReportEvery == 0) Report(entry.Position);
            }
            Report(head.Position);
            if (day is null) return null;
            LakeClock.CheckIdle(newest!.Value, through, request);
            for (; day <= through; day = day.Value.AddDays(1)) await FinishAsync(day.Value);
            return null;
        }
        finally
        {
            writer?.Dispose();
        }

        void Report(long position) =>
            progress?.Report(new WorkProgress("export log", position - (last?.LastPosition ?? 0), head.Position - (last?.LastPosition ?? 0),
                "entries"));

        async Task<LogDayWriter> BeginAsync(DateOnly next) =>
            new(await store.BeginAsync(LakeTable.Log, next, ct), options.RowsPerFile);

        async Task FinishAsync(DateOnly over)
        {
            writer ??= await BeginAsync(over);
            var manifest = await writer.FinishAsync(LakeDraft.Of(LakeTable.Log, over, head.Epoch, clock) with { FirstPosition = first }, ct);
            writer.Dispose();
            writer = null;
            written.Add(manifest);
            first = manifest.LastPosition!.Value + 1;
        }
    }

    private static string Waiting(LogEntry entry, DateOnly day) =>
        $"The day {LakeNames.Plain(day)} waits: what entry {entry.Position} and later ones contributed is not recorded yet. A running server "
            + "records it within seconds; start one on this data (recsys serve), then export again.";

    // After a restore the log goes on from an earlier entry: what the lake has behind that one never happened in it.
    private async Task CheckForkAsync(LakeManifest last, LogHead head, CancellationToken ct)
    {
        var fork = last.Epoch == head.Epoch ? head.Position : await source.Contents.FindForkAsync(last.Epoch, ct);
        if (fork is not { } shared)
            throw new RecSysException($"The lake {store.Place} is that of another log than this data folder's. Choose another place for it "
                + "(Lake:Folder), or the data folder that it was written from.");
        if (last.LastPosition <= shared) return;
        var days = new LakeDays(store);
        await foreach (var day in days.ReadAsync(LakeTable.Log, null, null, ct))
        {
            if (day.LastPosition <= shared) continue;
            throw new RecSysException($"The log was restored from a backup and has only the entries up to {shared} in common with the lake, "
                + $"whose days from {LakeNames.Plain(day.Day)} on hold later ones. Remove these days, beginning with "
                + $"{days.NameOf(LakeTable.Log, day.Day)}, and export again.");
        }
    }
}
