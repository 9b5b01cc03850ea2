using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Pipeline;

/// <summary>
/// Runs stages in order. The only place that knows about spans, metrics, time limits and what a failed stage means.
/// </summary>
/// <remarks>
/// The token of a stage that waits is cancelled when its budget ends or the caller hangs up, and it honours that promptly; before its first
/// wait the token is quiet. A stage that works through many items on the request's thread asks
/// <see cref="RecommendationContext.OutOfTime"/> between them; it may use what the stages before it left of their budgets, so that the
/// whole takes no longer. What it has by then counts, and the reply is marked. Any other stage that is late is counted as an overrun and
/// its result is kept. Cancellation by the caller and <see cref="StageRightsException"/> are never turned into a degraded reply. Of a run
/// without effects nothing is measured.
/// </remarks>
public sealed class PipelineRunner
{
    private readonly StageEntry[] stages;
    private readonly TimeProvider time;
    private readonly PipelineMetrics metrics;
    private readonly ILogger<PipelineRunner> logger;
    private readonly RepeatedReports reports;

    // When each stage should have ended, from the start of the request: the sum of the budgets so far.
    private readonly TimeSpan[] planned;

    /// <exception cref="ArgumentException">Two stages share a name.</exception>
    public PipelineRunner(IReadOnlyList<StageEntry> stages, TimeProvider time, PipelineMetrics metrics, ILogger<PipelineRunner> logger)
    {
        var repeated = stages.GroupBy(entry => entry.Stage.Name).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
            throw new ArgumentException($"Stage name '{repeated.Key}' is used {repeated.Count()} times.", nameof(stages));
        this.stages = [.. stages];
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
        reports = new RepeatedReports(time, RepeatedReports.EveryMinute, maxCauses: stages.Count);
        planned = new TimeSpan[stages.Count];
        for (var (at, sum) = (0, TimeSpan.Zero); at < planned.Length; at++)
        {
            var budget = stages[at].Budget;
            // A stage without a limit leaves the ones behind it to their own.
            planned[at] = sum = budget == Timeout.InfiniteTimeSpan ? sum : sum + budget;
        }
    }

    /// <summary>Runs all stages.</summary>
    /// <returns>False when a stage failed that the reply cannot do without; the stages behind it did not run.</returns>
    public async ValueTask<bool> RunAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var before = start;
        var unused = TimeSpan.Zero;
        try
        {
            for (var at = 0; at < stages.Length; at++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!stages[at].Stage.AppliesTo(context) || IsLeftOut(at, context, start))
                {
                    // Its budget is nobody's.
                    if (stages[at].Budget != Timeout.InfiniteTimeSpan) unused += stages[at].Budget;
                    continue;
                }
                var succeeded = await RunAsync(at, context, start, planned[at] - unused, cancellationToken);
                var now = time.GetTimestamp();
                context.Occupy(time.GetElapsedTime(before, now));
                before = now;
                if (!succeeded && stages[at].OnFailure == FailurePolicy.FailRequest) return false;
            }
            return true;
        }
        finally
        {
            context.Elapsed = time.GetElapsedTime(start);
        }
    }

    // A request with a budget of its own does without what adds to a list or orders it, once the time is used up: never without a filter.
    private bool IsLeftOut(int at, RecommendationContext context, long begun)
    {
        if (context.Wishes?.Budget is not { } budget || stages[at].OnFailure != FailurePolicy.FailOpen) return false;
        var mayBe = stages[at].Stage.Kind is StageKind.Retrieve or StageKind.Score || stages[at].Part == RequestPart.Matrix;
        if (!mayBe || time.GetElapsedTime(begun) < budget) return false;
        context.Degrade(RecommendationContext.BudgetUsedUp);
        context.Degrade(stages[at].DegradedAs ?? stages[at].Stage.Name);
        return true;
    }

    private async ValueTask<bool> RunAsync(
        int at, RecommendationContext context, long begun, TimeSpan plan, CancellationToken cancellationToken)
    {
        var entry = stages[at];
        var stage = entry.Stage;
        using var activity = PipelineMetrics.Activities.StartActivity(stage.Name);
        var start = time.GetTimestamp();
        context.Candidates.Open(stage);
        try
        {
            // Who was interrupted by other work while the request is well ahead of its plan need not stop half-way.
            var ahead = plan - time.GetElapsedTime(begun, start);
            var patience = entry.Budget == Timeout.InfiniteTimeSpan || ahead <= entry.Budget ? entry.Budget : ahead;
            if (context.Wishes?.Budget is { } whole)
            {
                var left = whole - time.GetElapsedTime(begun, start);
                if (patience == Timeout.InfiniteTimeSpan || left < patience) patience = left < TimeSpan.Zero ? TimeSpan.Zero : left;
            }
            using var deadline = context.Deadline(entry.Budget, patience, time, cancellationToken);
            var running = stage.ExecuteAsync(context, deadline.Token);
            if (!running.IsCompleted) deadline.Arm();
            await running;
            if (context.TakeCutShort())
            {
                context.Degrade(entry.DegradedAs ?? stage.Name);
                if (context.Effects == Effects.All) metrics.StageCutShort(stage.Name);
            }
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not StageRightsException)
        {
            _ = context.TakeCutShort();
            Fail(at, context, exception);
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            return false;
        }
        finally
        {
            context.Candidates.Close();
            var elapsed = time.GetElapsedTime(start);
            context.Record(new StageTiming(stage.Name, elapsed, context.Candidates.Count, entry.Part));
            context.Trace?.After(stage, context.Candidates);
            if (context.Effects == Effects.All) metrics.StageFinished(stage.Name, elapsed, elapsed > entry.Budget);
        }
    }

    private void Fail(int at, RecommendationContext context, Exception exception)
    {
        var (stage, failsOpen) = (stages[at].Stage.Name, stages[at].OnFailure == FailurePolicy.FailOpen);
        if (context.Effects == Effects.All) metrics.StageFailed(stage);
        if (failsOpen) context.Degrade(stages[at].DegradedAs ?? stage);
        if (!reports.IsDue(stage, 1, out var times)) return;
        if (failsOpen) logger.StageFailedOpen(exception, stage, context.RequestId, times - 1);
        else logger.StageFailed(exception, stage, context.RequestId, times - 1);
    }
}
