using System.Security.Cryptography;
using System.Threading.Channels;
using RecSys.Core.Domain;

namespace RecSys.Api.Jobs;

/// <summary>
/// All jobs of a kind that are known. A place is taken before a body is read, so that at most <see cref="JobRules.MaxWaiting"/> are
/// arriving or waiting. Thread-safe; jobs are on disk when they change their state, so that a restart finds them.
/// </summary>
internal abstract class JobList<TJob>
    where TJob : Job
{
    private readonly Dictionary<string, TJob> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly List<string> waiting = [];
    private readonly Channel<bool> wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock gate = new();
    private readonly JobFolder<TJob> folder;
    private readonly JobRules rules;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RepeatedReports reports;
    private int arriving;

    protected JobList(JobFolder<TJob> folder, JobRules rules, TimeProvider time, ILogger logger)
    {
        (this.folder, this.rules, this.time, this.logger) = (folder, rules, time, logger);
        reports = new RepeatedReports(time, RepeatedReports.EveryMinute);
        foreach (var job in folder.Load()) jobs[job.Id] = job;
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<TJob> All()
    {
        lock (gate) return [.. jobs.Values.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id, StringComparer.Ordinal)];
    }

    public TJob? Find(string id)
    {
        lock (gate) return jobs.GetValueOrDefault(id);
    }

    /// <summary>
    /// Takes a place for a body that is about to arrive; give it back with <see cref="Leave"/> or turn it into a job with
    /// <see cref="EnqueueAsync"/>.
    /// </summary>
    /// <returns>The id of the job to be; null when there is no place.</returns>
    public string? TryEnter()
    {
        lock (gate)
        {
            if (arriving + jobs.Values.Count(job => job.State == JobState.Queued) >= rules.MaxWaiting) return null;
            arriving++;
            return $"{rules.Prefix}_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        }
    }

    /// <summary>Gives a place back whose body did not arrive.</summary>
    public void Leave()
    {
        lock (gate) arriving--;
    }

    /// <summary>Turns a place into a job: what it works on is here.</summary>
    public async Task EnqueueAsync(TJob job)
    {
        await folder.SaveAsync(job);
        lock (gate)
        {
            arriving--;
            jobs[job.Id] = job;
            waiting.Add(job.Id);
        }
        wake.Writer.TryWrite(true);
    }

    /// <summary>Begins the job whose turn it is, as soon as there is one. For one caller.</summary>
    /// <returns>The job and what cancels it.</returns>
    public async Task<(TJob Job, CancellationToken Cancelled)> BeginNextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (TryBegin() is { } begun) return begun;
            await wake.Reader.ReadAsync(ct);
        }
    }

    /// <summary>Tells how far a job is; on disk too where it matters.</summary>
    public async Task UpdateAsync(TJob job, bool save)
    {
        lock (gate) jobs[job.Id] = job;
        if (save) await SaveAsync(job);
    }

    /// <summary>Ends a job and forgets the oldest that have ended.</summary>
    public async Task EndAsync(TJob job)
    {
        job = job with { EndedAt = time.GetUtcNow() };
        List<TJob> old;
        lock (gate)
        {
            if (running.Remove(job.Id, out var source)) source.Dispose();
            waiting.Remove(job.Id);
            jobs[job.Id] = job;
            old = TakeOld();
        }
        await SaveAsync(job);
        folder.DeleteWorking(job.Id);
        foreach (var each in old) folder.Delete(each);
    }

    /// <summary>Forgets jobs that ended too long ago, and the oldest of too many, with their files.</summary>
    public void ForgetOld()
    {
        List<TJob> old;
        lock (gate) old = TakeOld();
        foreach (var each in old) folder.Delete(each);
    }

    /// <summary>Ends a queued job at once, and a running one behind what it is doing.</summary>
    /// <returns>The job as it is now; null when it is unknown.</returns>
    public async Task<TJob?> CancelAsync(string id)
    {
        TJob? job;
        CancellationTokenSource? source;
        lock (gate)
        {
            job = jobs.GetValueOrDefault(id);
            source = running.GetValueOrDefault(id);
            if (job is { State: JobState.Queued })
                jobs[id] = job = job with { State = JobState.Cancelled, Reason = rules.CancelledEarly };
        }
        if (job is { State: JobState.Cancelled, EndedAt: null }) await EndAsync(job);
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
        List<TJob> open;
        lock (gate) open = [.. jobs.Values.Where(job => !job.HasEnded)];
        foreach (var job in open) await EndAsync(job with { State = JobState.Interrupted, Reason = rules.Interrupted });
    }

    // Within the lock.
    private List<TJob> TakeOld()
    {
        var before = rules.KeptFor is { } kept ? time.GetUtcNow() - kept : DateTimeOffset.MinValue;
        var ended = jobs.Values.Where(each => each.HasEnded).OrderByDescending(each => each.EndedAt).ToList();
        List<TJob> old = [.. ended.Skip(rules.KeptJobs).Union(ended.Where(each => each.EndedAt < before))];
        foreach (var each in old) jobs.Remove(each.Id);
        return old;
    }

    private (TJob Job, CancellationToken Cancelled)? TryBegin()
    {
        lock (gate)
        {
            while (waiting.Count > 0)
            {
                var id = waiting[0];
                waiting.RemoveAt(0);
                // One that is being cancelled at this moment is passed over.
                if (jobs.GetValueOrDefault(id) is not { State: JobState.Queued } job) continue;
                running[id] = new CancellationTokenSource();
                jobs[id] = job with { State = JobState.Running, StartedAt = time.GetUtcNow() };
                return (jobs[id], running[id].Token);
            }
            return null;
        }
    }

    private async Task SaveAsync(TJob job)
    {
        try
        {
            await folder.SaveAsync(job);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The job goes on; a restart would call it interrupted.
            if (reports.IsDue(exception, out var times)) logger.JobNotSaved(job.Id, exception.Message, times);
        }
    }
}
