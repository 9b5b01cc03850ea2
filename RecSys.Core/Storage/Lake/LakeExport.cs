using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Writes the days that are over and not in the lake yet: first those of the log, then those of the served records. A day that is there
/// never changes. Stopped at any moment, a later run goes on with the first missing day.
/// </summary>
/// <param name="store">The lake.</param>
/// <param name="source">What is written.</param>
/// <param name="clock">That of the source's store.</param>
/// <param name="options">When days close, and the size of files.</param>
public sealed class LakeExport(ILakeStore store, LakeSource source, TimeProvider clock, LakeOptions options)
{
    /// <exception cref="RecSysException">The lake is damaged or of another log, or takes no more.</exception>
    public async Task<LakeExportReport> RunAsync(LakeExportRequest request, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default)
    {
        var written = new LakeDaysWritten();
        var torn = await store.CleanTornAsync(LakeTable.Log, ct) + await store.CleanTornAsync(LakeTable.Served, ct);
        var verified = await VerifyAsync(request, progress, ct);
        try
        {
            var waiting = await new LogExport(store, source, clock, options).RunAsync(request, written, progress, ct);
            await new ServedExport(store, source, clock, options).RunAsync(request, written, progress, ct);
            var closed = await FindClosedAsync(request, written, ct);
            return new LakeExportReport(written.Ours, verified, torn, waiting)
            {
                Lost = written.Others,
                Closed = closed,
                SinceClosed = closed is null ? 0 : (await source.Log.ReadHeadAsync(ct)).Position - closed.LastPosition!.Value,
            };
        }
        catch (DuckDBException failure)
        {
            throw new RecSysException($"A day of the lake was not written: {DuckDbFiles.Reason(failure)}. Lower Lake:RowsPerFile if memory "
                + "is short, then try again.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(store.Place, "A day of the lake was not written", failure);
        }
    }

    private async Task<LakeManifest?> FindClosedAsync(LakeExportRequest request, LakeDaysWritten written, CancellationToken ct)
    {
        var today = LakeClock.DayOf(clock.GetUtcNow());
        return !request.CloseToday || request.Through < today || written.Ours.Any(day => day.Table == LakeTable.Log && day.Day == today)
            ? null : await new LakeDays(store).FindAsync(LakeTable.Log, today, ct);
    }

    // Who asks for a day that is there wants to know that it is.
    private async Task<IReadOnlyList<LakeManifest>> VerifyAsync(LakeExportRequest request, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        if (request.Through is not { } day) return [];
        var verified = new List<LakeManifest>();
        var verification = new LakeVerification(store);
        foreach (var table in Enum.GetValues<LakeTable>())
        {
            if (await store.ReadManifestAsync(table, day, ct) is null) continue;
            var report = await verification.RunAsync(table, day, day, progress, ct);
            if (report.Faults is [var first, ..]) throw new RecSysException(first);
            verified.AddRange(report.Days);
        }
        return verified;
    }
}
