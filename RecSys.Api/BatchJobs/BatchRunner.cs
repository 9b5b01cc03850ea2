using System.Text.Json;
using RecSys.Api.Jobs;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Storage;

namespace RecSys.Api.BatchJobs;

/// <summary>
/// Runs one job at a time, beside live requests and behind them: makes the users' lists as previews, which leave nothing behind, and writes
/// them down. A user whose list cannot be made has a line that says so.
/// </summary>
internal sealed partial class BatchRunner(
    BatchJobList jobs, BatchFolder folder, BatchOptions options, Recommender recommender, WorldSource worlds, PolicyBook policies,
    ExpressionCache expressions, ILogContents contents, IServedRequests requests, TimeProvider time,
    ILogger<BatchRunner> logger) : JobRunner<BatchJob>(jobs)
{
    private const int Page = 1000;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    private readonly RepeatedReports reports = new(time, RepeatedReports.EveryMinute);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        // The host treats the cancellation of the token as a normal end.
        await Task.WhenAll(base.ExecuteAsync(stoppingToken), ForgetAsync(stoppingToken));

    private async Task ForgetAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ForgetEvery, time);
        do Jobs.ForgetOld();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected override async Task RunAsync(BatchJob job, CancellationToken ct, CancellationToken stoppingToken)
    {
        try
        {
            await MakeAsync(job, ct);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // InterruptAsync says so of all that have not ended.
        }
        catch (OperationCanceledException)
        {
            await EndAsync(job.Id, JobState.Cancelled, "Cancelled; there is no result.");
        }
        catch (RecSysException exception)
        {
            await EndAsync(job.Id, JobState.Failed, exception.Message);
        }
        catch (Exception exception)
        {
            Failed(logger, exception, job.Id);
            await EndAsync(job.Id, JobState.Failed, exception is IOException
                ? "The result could not be written, or the disk has too little room left; the server's log says more."
                : "The job failed; the server's log says why.");
        }
    }

    private async Task MakeAsync(BatchJob job, CancellationToken ct)
    {
        var asked = await ReadAsync(job.Id, ct);
        if (worlds.Take() is var world && world.Models.Champion is null)
            throw new RecSysException("There is no model to make lists with; train one, and post the request again.");
        if (asked.Resolve(world.Catalog) is not { } request)
            throw new RecSysException($"The request has a fault: {asked.Faults[0].Pointer} {asked.Faults[0].Detail}");
        using var result = new BatchResultFile(folder, job.Id, options.MinFreeBytes);
        var (pace, saved) = (new BatchPace(requests, options, time), time.GetTimestamp());
        await foreach (var users in UsersOf(asked, ct).Take(options.MaxUsers).Chunk(options.Parallelism).WithCancellation(ct))
        {
            ct.ThrowIfCancellationRequested();
            pace.Start();
            var lists = await Task.WhenAll(users.Select(user => ListAsync(request with { UserId = user })));
            try
            {
                foreach (var (user, list) in users.Zip(lists)) job = Write(job, result, user, list);
            }
            finally
            {
                foreach (var list in lists)
                {
                    if (list?.Context is { } context) recommender.Complete(context);
                }
            }
            var due = time.GetElapsedTime(saved) >= SaveEvery;
            if (due) saved = time.GetTimestamp();
            await Jobs.UpdateAsync(job, due);
            await pace.RestAsync(ct);
        }
        ct.ThrowIfCancellationRequested();
        result.Finish();
        await Jobs.EndAsync(job with { State = JobState.Done });
    }

    private async Task<BatchRequest> ReadAsync(string id, CancellationToken ct)
    {
        await using var file = File.OpenRead(folder.RequestOf(id));
        using var body = await JsonDocument.ParseAsync(file, cancellationToken: ct);
        return new BatchRequest(body.RootElement, options.MaxUsers, expressions, policies);
    }

    private async IAsyncEnumerable<string> UsersOf(
        BatchRequest asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var user in asked.Users ?? []) yield return user;
        if (!asked.IsForAll) yield break;
        // Page by page: a job takes its time, and nothing of the store is held open meanwhile.
        for (var after = 0L; ;)
        {
            var page = await contents.ListUsersAsync(after, Page, ct);
            foreach (var stored in page) yield return stored.User.Id;
            if (page.Count < Page) yield break;
            after = page[^1].Number;
        }
    }

    // Null for an erased user.
    private async Task<BatchList?> ListAsync(RecommendationRequest request)
    {
        if (Identifiers.Fault(request.UserId) is { } fault) return new BatchList(null, "invalid", $"The user's id {fault}.");
        if (worlds.Take().IsErased(request.UserId)) return null;
        try
        {
            // Off the caller's thread, so that several are made at the same time.
            await Task.Yield();
            // Not cancelled in between: what was begun must be completed, and it takes milliseconds.
            return new BatchList(await recommender.PreviewAsync(request, modelVersion: null, CancellationToken.None), "", "");
        }
        catch (Exception exception)
        {
            if (reports.IsDue(exception, out var times)) NotMade(logger, exception, times);
            return new BatchList(null, "failed", "The list could not be made; the server's log says why.");
        }
    }

    private static BatchJob Write(BatchJob job, BatchResultFile result, string user, BatchList? list)
    {
        job = job with { Users = job.Users + 1 };
        if (list is null) return job with { LeftOut = job.LeftOut + 1 };
        if (list.Context is { } context)
        {
            result.Add(context);
            return job with { Lists = job.Lists + 1, Bytes = result.Bytes };
        }
        result.Add((user, list), static (json, what) => BatchLine.WriteFault(json, what.user, what.list.Code, what.list.Detail));
        return job with { Failed = job.Failed + 1, Bytes = result.Bytes };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch job {Job} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A list of a batch job could not be made ({Times} times since the last line)")]
    private static partial void NotMade(ILogger logger, Exception exception, long times);

    private sealed record BatchList(RecommendationContext? Context, string Code, string Detail);
}
