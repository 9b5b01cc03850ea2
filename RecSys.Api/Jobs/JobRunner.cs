namespace RecSys.Api.Jobs;

/// <summary>Runs the jobs of a list one at a time, and says of those that the process leaves open that they were interrupted.</summary>
/// <param name="jobs">The list; nobody else begins its jobs.</param>
internal abstract class JobRunner<TJob>(JobList<TJob> jobs) : BackgroundService
    where TJob : Job
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await jobs.InterruptAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await jobs.InterruptAsync();
    }

    protected JobList<TJob> Jobs => jobs;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host treats the cancellation of the token as a normal end.
        while (true)
        {
            var (job, cancelled) = await jobs.BeginNextAsync(stoppingToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, stoppingToken);
            await jobs.UpdateAsync(job, save: true);
            await RunAsync(job, either.Token, stoppingToken);
        }
    }

    /// <summary>Does the work of a job and ends it; throws nothing.</summary>
    /// <param name="job">The job, which has begun.</param>
    /// <param name="ct">Cancelled when the job is, or the process stops.</param>
    /// <param name="stoppingToken">Cancelled when the process stops: then the job is left open.</param>
    protected abstract Task RunAsync(TJob job, CancellationToken ct, CancellationToken stoppingToken);

    /// <summary>Ends a job early, with the counts that were told last.</summary>
    protected async Task EndAsync(string id, JobState state, string reason)
    {
        if (jobs.Find(id) is { } job) await jobs.EndAsync(job with { State = state, Reason = reason });
    }
}
