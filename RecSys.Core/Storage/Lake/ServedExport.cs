using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Writes the closed days of the served records.</summary>
internal sealed class ServedExport(ILakeStore store, LakeSource source, TimeProvider clock, LakeOptions options)
{
    // Ids of the items that were served lately.
    private const int MostIds = 200_000;
    private readonly Dictionary<int, string?> ids = [];

    /// <inheritdoc cref="LogExport.RunAsync"/>
    internal async Task RunAsync(LakeExportRequest request, List<LakeManifest> written, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Not the present day: its later records would never come in.
        var through = LakeClock.LastClosed(now, options.SettleMinutes, new LakeExportRequest());
        if (request.Through < through) through = request.Through.Value;
        var last = await new LakeDays(store).FindLastAsync(LakeTable.Served, ct);
        if (last?.Day >= through) return;
        var day = last?.Day.AddDays(1);
        var newest = last?.Day;
        var epoch = (await source.Log.ReadHeadAsync(ct)).Epoch;
        var done = 0L;
        ServedDayWriter? writer = null;
        try
        {
            DateTimeOffset? from = day is { } next ? LakeClock.StartOf(next) : null;
            await foreach (var record in source.ServedRecords.ReadBetweenAsync(from, LakeClock.StartOf(through.AddDays(1)), ct))
            {
                newest = LakeClock.DayOf(record.Time);
                for (day ??= newest; day < newest; day = day.Value.AddDays(1)) await FinishAsync(day.Value);
                writer ??= await BeginAsync(day.Value);
                writer.Add(record, await IdsOfAsync(record, ct));
                if (++done % 1_024 == 0) progress?.Report(new WorkProgress("export served", done, null, "requests"));
            }
            if (done > 0) progress?.Report(new WorkProgress("export served", done, done, "requests"));
            if (day is null) return;
            LakeClock.CheckIdle(newest!.Value, through, request);
            for (; day <= through; day = day.Value.AddDays(1)) await FinishAsync(day.Value);
        }
        finally
        {
            writer?.Dispose();
        }

        async Task<ServedDayWriter> BeginAsync(DateOnly next) =>
            new(await store.BeginAsync(LakeTable.Served, next, ct), options.RowsPerFile);

        async Task FinishAsync(DateOnly over)
        {
            writer ??= await BeginAsync(over);
            written.Add(await writer.FinishAsync(LakeDraft.Of(LakeTable.Served, over, epoch, clock), ct));
            writer.Dispose();
            writer = null;
        }
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
