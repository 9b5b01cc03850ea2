using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Writes the closed days of the served records.</summary>
internal sealed class ServedExport(ILakeStore store, LakeSource source, TimeProvider clock, LakeOptions options)
{
    // Ids of the items that were served lately.
    private const int MostIds = 200_000;
    private const int ReportEvery = 1_024;
    private readonly Dictionary<int, string?> ids = [];

    /// <param name="request">Which days.</param>
    /// <param name="written">Gets the days.</param>
    /// <param name="progress">Told of requests.</param>
    /// <param name="ct">Stops; days that are written stay.</param>
    internal async Task RunAsync(LakeExportRequest request, LakeDaysWritten written, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        // Not the present day: its later records would never come in.
        var through = LakeClock.LastClosed(clock.GetUtcNow(), options.SettleMinutes, new LakeExportRequest());
        if (request.Through < through) through = request.Through.Value;
        var epoch = (await source.Log.ReadHeadAsync(ct)).Epoch;
        DateOnly? next = null;
        var days = new LakeDays(store);
        foreach (var day in await store.ListAsync(LakeTable.Served, ct))
        {
            // Days that were removed are written anew as far as their records are kept; those that never were have no records.
            if (next < day && await days.BehindAsync(LakeTable.Served, next.Value, [day], ct) is null)
                await RunAsync(next, day.AddDays(-1), null);
            next = day.AddDays(1);
        }
        if (next is null || next <= through) await RunAsync(next, through, request);

        async Task RunAsync(DateOnly? from, DateOnly to, LakeExportRequest? limits)
        {
            using var span = new ServedDays(store, clock, options, epoch, written);
            await WriteAsync(span, from, to, limits, progress, ct);
        }
    }

    private async Task WriteAsync(ServedDays days, DateOnly? from, DateOnly through, LakeExportRequest? request,
        IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var (done, newest) = (0L, from?.AddDays(-1));
        days.Day = from;
        DateTimeOffset? start = from is { } first ? LakeClock.StartOf(first) : null;
        await foreach (var record in source.ServedRecords.ReadBetweenAsync(start, LakeClock.StartOf(through.AddDays(1)), ct))
        {
            newest = LakeClock.DayOf(record.Time);
            await days.AddAsync(newest.Value, record, await IdsOfAsync(record, ct), ct);
            if (++done % ReportEvery == 0) progress?.Report(new WorkProgress("export served", done, null, "requests"));
        }
        if (done > 0) progress?.Report(new WorkProgress("export served", done, done, "requests"));
        if (newest is not { } last) return;
        // Behind the last request so many days are not written: nobody may have served since, or by another clock.
        if (request is not null && through.DayNumber - last.DayNumber > LakeClock.MostIdleDays) through = last;
        await days.FinishAsync(through, ct);
    }

    private async Task<string?[]> IdsOfAsync(ServedRecord record, CancellationToken ct)
    {
        var of = new string?[record.Items.Count];
        for (var place = 0; place < of.Length; place++)
        {
            var number = record.Items[place].Item;
            if (!ids.TryGetValue(number, out of[place]))
            {
                if (ids.Count >= MostIds) ids.Clear();
                ids[number] = of[place] = (await source.Contents.FindItemAsync(number, ct))?.Item.Id;
            }
        }
        return of;
    }
}
