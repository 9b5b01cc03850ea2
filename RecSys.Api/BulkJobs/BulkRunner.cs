using RecSys.Api.Hosting.Requests;
using RecSys.Api.Jobs;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;

namespace RecSys.Api.BulkJobs;

/// <summary>
/// Runs one job at a time: reads its rows, appends them in chunks behind live posts, and keeps count. While the store cannot be written it
/// waits; a job that has waited too long fails, and what it stored stays.
/// </summary>
internal sealed partial class BulkRunner(
    BulkJobList jobs, BulkFolder folder, BulkOptions options, LogWriter log, ILogContents contents, FolderMeaning meaning,
    [FromKeyedServices(ServedTime.Key)] TimeProvider time,
    ILogger<BulkRunner> logger) : JobRunner<BulkJob>(jobs)
{
    private const int ChunkBytes = 4 << 20;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(10);

    private readonly BulkTally tally = new(contents);

    protected override async Task RunAsync(BulkJob job, CancellationToken ct, CancellationToken stoppingToken)
    {
        try
        {
            await StoreAsync(job, ct);
        }
        catch (Exception exception)
            when (stoppingToken.IsCancellationRequested || exception is LogRefusedException { Reason: LogRefusal.Stopping })
        {
            // InterruptAsync says so of all that have not ended.
        }
        catch (OperationCanceledException)
        {
            await EndAsync(job.Id, JobState.Cancelled, "Cancelled; what was stored stays.");
        }
        catch (Exception exception)
        {
            Failed(logger, exception, job.Id);
            await EndAsync(job.Id, JobState.Failed, exception is RecSysException or LogRefusedException or IOException
                ? "The store or the disk failed; the server's log says how. What was stored stays; post the same file again when "
                + "that is mended."
                : "The job failed; the server's log says why. What was stored stays.");
        }
    }

    private async Task StoreAsync(BulkJob job, CancellationToken ct)
    {
        using var reader = new JsonLineReader(folder.RowsOf(job.Id), (int)BodyRules.MaxBytes);
        using var rejects = new BulkRejects(folder.RejectsOf(job.Id), options.MaxRejects);
        var chunk = new List<BulkRow>(options.ChunkRows);
        var (bytes, saved) = (0, time.GetTimestamp());
        while (reader.TryRead(out var line))
        {
            job = job with { Rows = job.Rows + 1 };
            var row = BulkRow.Read(job.Kind, reader.Line, line, time.GetUtcNow(), meaning);
            if (row.Change is not null)
            {
                chunk.Add(row);
                bytes += line.Length;
            }
            else
            {
                rejects.Add(row.Line, row.Faults[0]);
                job = job with { Rejected = job.Rejected + 1 };
            }
            if (chunk.Count < options.ChunkRows && bytes < ChunkBytes && job.Rows % options.ChunkRows != 0) continue;
            (job, bytes) = (await AppendAsync(job, chunk, rejects, ct) with { BytesRead = reader.Position }, 0);
            var due = time.GetElapsedTime(saved) >= SaveEvery;
            if (due) saved = time.GetTimestamp();
            await Jobs.UpdateAsync(job, due);
        }
        job = await AppendAsync(job, chunk, rejects, ct) with { BytesRead = reader.Position };
        rejects.Dispose();
        await Jobs.EndAsync(job with { State = JobState.Done });
    }

    private async Task<BulkJob> AppendAsync(BulkJob job, List<BulkRow> chunk, BulkRejects rejects, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (chunk.Count > 0 && !job.ValidateOnly)
        {
            var stored = await tally.FindStoredAsync(chunk, ct);
            job = BulkTally.Count(job, chunk, stored, await AppendAsync([.. chunk.Select(row => row.Change!)], ct), rejects);
        }
        chunk.Clear();
        rejects.Flush();
        return job;
    }

    private async Task<IReadOnlyList<AppendResult>> AppendAsync(LogChange[] changes, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                // Not cancelled in between: what becomes of the rows must be counted.
                return await log.AppendBulkAsync(changes, CancellationToken.None);
            }
            catch (LogRefusedException refused)
                when (refused.Reason == LogRefusal.StoreUnavailable && time.GetElapsedTime(started) < LongestOutage)
            {
                await Task.Delay(refused.RetryAfter, time, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Bulk job {Job} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string job);
}
