using System.Security.Cryptography;
using System.Threading.Channels;
using RecSys.Core.Domain;

namespace RecSys.Api.BulkJobs;

/// <summary>
/// All jobs that are known. A place is taken before a file is read, so that at most <see cref="BulkOptions.MaxWaiting"/> are arriving or
/// waiting. Thread-safe; jobs are on disk when they change their state, so that a restart finds them.
/// </summary>
internal sealed partial class BulkJobList
{
    private readonly Dictionary<string, BulkJob> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly List<string> waiting = [];
    private readonly Channel<bool> wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock gate = new();
    private readonly BulkFolder folder;
    private readonly BulkOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<BulkJobList> logger;
    private readonly RepeatedReports reports;
    private int arriving;

    public BulkJobList(BulkFolder folder, BulkOptions options, TimeProvider time, ILogger<BulkJobList> logger)
    {
        (this.folder, this.options, this.time, this.logger) = (folder, options, time, logger);
        reports = new RepeatedReports(time, RepeatedReports.EveryMinute);
        foreach (var job in folder.Load()) jobs[job.Id] = job;
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<BulkJob> All()
    {
        lock (gate) return [.. jobs.Values.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id, StringComparer.Ordinal)];
    }

    public BulkJob? Find(string id)
    {
        lock (gate) return jobs.GetValueOrDefault(id);
    }

    /// <summary>
    /// Takes a place for a file that is about to arrive; give it back with <see cref="Leave"/> or turn it into a job with
    /// <see cref="EnqueueAsync"/>.
    /// </summary>
    /// <returns>The id of the job to be; null when there is no place.</returns>
    public string? TryEnter()
    {
        lock (gate)
        {
            if (arriving + jobs.Values.Count(job => job.State == BulkState.Queued) >= options.MaxWaiting) return null;
            arriving++;
            return $"bulk_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        }
    }

    /// <summary>Gives a place back whose file did not arrive.</summary>
    public void Leave()
    {
        lock (gate) arriving--;
    }

    /// <summary>Turns a place into a job: its file is here.</summary>
    public async Task<BulkJob> EnqueueAsync(string id, BulkKind kind, bool validateOnly, long bytes)
    {
        var job = new BulkJob(id, kind, validateOnly, time.GetUtcNow(), bytes);
        await folder.SaveAsync(job);
        lock (gate)
        {
            arriving--;
            jobs[id] = job;
            waiting.Add(id);
        }
        wake.Writer.TryWrite(true);
        return job;
    }

    /// <summary>Begins the job whose turn it is, as soon as there is one. For one caller.</summary>
    /// <returns>The job and what cancels it.</returns>
    public async Task<(BulkJob Job, CancellationToken Cancelled)> BeginNextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (TryBegin() is { } begun) return begun;
            await wake.Reader.ReadAsync(ct);
        }
    }

    /// <summary>Tells how far a job is; on disk too where it matters.</summary>
    public async Task UpdateAsync(BulkJob job, bool save)
    {
        lock (gate) jobs[job.Id] = job;
        if (save) await SaveAsync(job);
    }

    /// <summary>Ends a job and forgets the oldest that have ended.</summary>
    public async Task EndAsync(BulkJob job)
    {
        job = job with { EndedAt = time.GetUtcNow() };
        List<BulkJob> old;
        lock (gate)
        {
            if (running.Remove(job.Id, out var source)) source.Dispose();
            waiting.Remove(job.Id);
            jobs[job.Id] = job;
            old = [.. jobs.Values.Where(each => each.HasEnded).OrderByDescending(each => each.EndedAt).Skip(options.KeptJobs)];
            foreach (var each in old) jobs.Remove(each.Id);
        }
        await SaveAsync(job);
        folder.DeleteRows(job.Id);
        foreach (var each in old) folder.Delete(each);
    }

    /// <summary>Ends a queued job at once, and a running one behind the rows that it is storing.</summary>
    /// <returns>The job as it is now; null when it is unknown.</returns>
    public async Task<BulkJob?> CancelAsync(string id)
    {
        BulkJob? job;
        CancellationTokenSource? source;
        lock (gate)
        {
            job = jobs.GetValueOrDefault(id);
            source = running.GetValueOrDefault(id);
            if (job is { State: BulkState.Queued })
                jobs[id] = job = job with { State = BulkState.Cancelled, Reason = "Cancelled before it began; nothing was stored." };
        }
        if (job is { State: BulkState.Cancelled, EndedAt: null }) await EndAsync(job);
        else if (source is not null) await CancelAsync(source);
        return Find(id);
    }

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    /// <summary>Marks what an earlier process, or this one, did not end.</summary>
    public async Task InterruptAsync()
    {
        List<BulkJob> open;
        lock (gate) open = [.. jobs.Values.Where(job => !job.HasEnded)];
        foreach (var job in open)
        {
            await EndAsync(job with
            {
                State = BulkState.Interrupted,
                Reason = "The server stopped. What was stored stays; post the same file again, and the rows that are stored count "
                    + "as unchanged.",
            });
        }
    }

    private (BulkJob Job, CancellationToken Cancelled)? TryBegin()
    {
        lock (gate)
        {
            while (waiting.Count > 0)
            {
                var id = waiting[0];
                waiting.RemoveAt(0);
                // One that is being cancelled at this moment is passed over.
                if (jobs.GetValueOrDefault(id) is not { State: BulkState.Queued } job) continue;
                running[id] = new CancellationTokenSource();
                jobs[id] = job with { State = BulkState.Running, StartedAt = time.GetUtcNow() };
                return (jobs[id], running[id].Token);
            }
            return null;
        }
    }

    private async Task SaveAsync(BulkJob job)
    {
        try
        {
            await folder.SaveAsync(job);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The job goes on; a restart would call it interrupted.
            if (reports.IsDue(exception, out var times)) NotSaved(logger, job.Id, exception.Message, times);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The state of bulk job {Job} could not be written down: {Reason} ({Times} times since the last line)")]
    private static partial void NotSaved(ILogger logger, string job, string reason, long times);
}
