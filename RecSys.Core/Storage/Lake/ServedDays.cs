using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Publishes days of served records one after another, those without any too unless they are very many. Disposal leaves nothing
/// of an open day.</summary>
internal sealed class ServedDays(ILakeStore store, TimeProvider clock, LakeOptions options, long epoch, LakeDaysWritten written)
    : IDisposable
{
    private ServedDayWriter? writer;
    private DateOnly? after;

    /// <summary>The day that is being written; null before the first record of all.</summary>
    internal DateOnly? Day { get; set; }

    internal async Task AddAsync(DateOnly day, ServedRecord record, IReadOnlyList<string?> itemIds, CancellationToken ct)
    {
        Day ??= day;
        if (day.DayNumber - Day.Value.DayNumber <= LakeClock.MostIdleDays) await FinishAsync(day.AddDays(-1), ct);
        else await LeaveOutAsync(day, ct);
        writer ??= await OpenAsync(ct);
        writer.Add(record, itemIds);
    }

    /// <summary>Publishes the days up to one.</summary>
    internal async Task FinishAsync(DateOnly through, CancellationToken ct)
    {
        for (; Day <= through; Day = Day.Value.AddDays(1))
        {
            writer ??= await OpenAsync(ct);
            var (manifest, isOurs) = await writer.FinishAsync(
                LakeDraft.Of(LakeTable.Served, Day.Value, epoch, clock) with { AfterDay = after }, ct);
            after = null;
            written.Add(manifest, isOurs);
            Dispose();
        }
    }

    public void Dispose()
    {
        writer?.Dispose();
        writer = null;
    }

    // As behind a time that was served by another clock: the next day says that nothing was served in between.
    private async Task LeaveOutAsync(DateOnly day, CancellationToken ct)
    {
        if (writer is not null) await FinishAsync(Day!.Value, ct);
        (after, Day) = (Day!.Value.AddDays(-1), day);
    }

    private async Task<ServedDayWriter> OpenAsync(CancellationToken ct) =>
        new(await store.BeginAsync(LakeTable.Served, Day!.Value, ct), options.RowsPerFile);
}
