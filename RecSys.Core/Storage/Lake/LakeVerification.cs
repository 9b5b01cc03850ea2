using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Checks days of a lake as a whole: manifests, sizes and checksums, columns, every row, the count of each kind, positions without a gap
/// or repetition, and that days follow each other.
/// </summary>
public sealed class LakeVerification(ILakeStore store)
{
    private readonly LakeDays lake = new(store);
    private readonly LakeReader reader = new(store, []) { Anew = true };

    /// <param name="table">Which.</param>
    /// <param name="from">First day; null for the first that the lake has.</param>
    /// <param name="to">Last day; null for the last that the lake has.</param>
    /// <param name="progress">Told of days.</param>
    /// <param name="ct">Stops the reading.</param>
    public async Task<LakeVerificationReport> RunAsync(LakeTable table, DateOnly? from = null, DateOnly? to = null,
        IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        var sound = new List<LakeManifest>();
        var faults = new List<string>();
        var days = await store.ListAsync(table, ct);
        if ((from ?? days.Cast<DateOnly?>().FirstOrDefault()) is not { } first
            || (to ?? days.Cast<DateOnly?>().LastOrDefault()) is not { } last)
            return new LakeVerificationReport(sound, faults);
        // Lists may have been served on fewer days than the log has.
        if (table == LakeTable.Served)
        {
            if (days.Count == 0) return new LakeVerificationReport(sound, faults);
            (first, last) = (first < days[0] ? days[0] : first, last > days[^1] ? days[^1] : last);
        }
        // From the beginning: what the log has is in the lake from its first entry on.
        var isWhole = from is null && table == LakeTable.Log;
        LakeManifest? before = null;
        for (var number = first.DayNumber; number <= last.DayNumber; number++)
        {
            var day = DateOnly.FromDayNumber(number);
            LakeManifest? manifest = null;
            try
            {
                if (await lake.BehindAsync(table, day, days, ct) is { } behind)
                {
                    number = behind.DayNumber - 1;
                    continue;
                }
                manifest = await lake.GetAsync(table, day, ct);
                await CheckAsync(manifest, ct);
                lake.CheckOrder(before, manifest);
                if (isWhole && day == first) lake.CheckStart(manifest);
                sound.Add(manifest);
            }
            catch (RecSysException fault)
            {
                faults.Add(fault.Message);
            }
            // A day behind one that cannot be read is not held against the day before that.
            before = manifest;
            progress?.Report(new WorkProgress($"verify {LakeNames.Of(table)}", day.DayNumber - first.DayNumber + 1,
                last.DayNumber - first.DayNumber + 1, "days"));
        }
        return new LakeVerificationReport(sound, faults);
    }

    private async Task CheckAsync(LakeManifest day, CancellationToken ct)
    {
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        void Count(string kind) => kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        if (day.Table == LakeTable.Log)
        {
            await foreach (var entry in reader.ReadDayAsync(day, ct)) Count(LakeNames.Of(entry.Change.Kind));
        }
        else
        {
            await foreach (var record in reader.ReadServedDayAsync(day, ct))
            {
                if (record.Items.Count == 0) Count(ServedRows.NoPlace);
                foreach (var item in record.Items) Count(LakeNames.Of(item.Slot));
            }
        }
        foreach (var kind in day.RowsByKind.Keys.Union(kinds.Keys))
        {
            var (counted, promised) = (kinds.GetValueOrDefault(kind), day.RowsByKind.GetValueOrDefault(kind));
            if (counted == promised) continue;
            throw new RecSysException($"{lake.NameOf(day.Table, day.Day)} has {counted} rows of the kind {kind}, its manifest says "
                + $"{promised}. {LakeAdvice.ExportAgain}");
        }
    }
}
