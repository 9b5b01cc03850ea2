using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace RecSys.Core.Pipeline;

/// <summary>
/// Runs stages in order. The only place that knows about spans, metrics, time limits and what a failed stage means.
/// </summary>
/// <remarks>
/// A stage's token is cancelled when its budget ends, and stages that wait honour it promptly. A stage that works through many items on the request's
/// thread asks <see cref="RecommendationContext.OutOfTime"/> between them; what it has by then counts, and the reply is marked. Any other stage that is
/// late is counted as an overrun and its result is kept. Cancellation by the caller and <see cref="StageRightsException"/> are never turned into
/// a degraded reply.
/// </remarks>
public sealed class PipelineRunner
{
    private readonly StageEntry[] foreground;
    private readonly StageEntry[] sideEffects;
    private readonly TimeProvider time;
    private readonly PipelineMetrics metrics;
    private readonly ILogger<PipelineRunner> logger;

    /// <exception cref="ArgumentException">Two stages share a name, or a side effect stands before another kind.</exception>
    public PipelineRunner(IReadOnlyList<StageEntry> stages, TimeProvider time, PipelineMetrics metrics, ILogger<PipelineRunner> logger)
    {
        var repeated = stages.GroupBy(entry => entry.Stage.Name).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) throw new ArgumentException($"Stage name '{repeated.Key}' is used {repeated.Count()} times.", nameof(stages));
        foreground = [.. stages.TakeWhile(entry => entry.Stage.Kind != StageKind.SideEffect)];
        sideEffects = [.. stages.Skip(foreground.Length)];
        if (sideEffects.FirstOrDefault(entry => entry.Stage.Kind != StageKind.SideEffect) is { } misplaced)
            throw new ArgumentException($"Stage '{misplaced.Stage.Name}' stands behind a side effect; side effects come last.", nameof(stages));
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
    }

    /// <summary>Runs everything up to the response.</summary>
    /// <returns>False when a stage failed that the reply cannot do without.</returns>
    public async ValueTask<bool> RunAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var complete = await RunAsync(foreground, context, cancellationToken);
        context.Elapsed = time.GetElapsedTime(start);
        return complete;
    }

    /// <summary>Runs what comes after the response. Failures are logged and counted.</summary>
    public async ValueTask RunSideEffectsAsync(RecommendationContext context, CancellationToken cancellationToken) =>
        _ = await RunAsync(sideEffects, context, cancellationToken);

    private async ValueTask<bool> RunAsync(StageEntry[] entries, RecommendationContext context, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await RunAsync(entry, context, cancellationToken) && entry.OnFailure == FailurePolicy.FailRequest) return false;
        }
        return true;
    }

    private async ValueTask<bool> RunAsync(StageEntry entry, RecommendationContext context, CancellationToken cancellationToken)
    {
        var stage = entry.Stage;
        using var activity = PipelineMetrics.Activities.StartActivity(stage.Name);
        var start = time.GetTimestamp();
        context.Candidates.Open(stage);
        try
        {
            using var deadline = context.Deadline(entry.Budget, time, cancellationToken);
            await stage.ExecuteAsync(context, deadline.Token);
            if (context.TakeCutShort())
            {
                context.Degrade(entry.DegradedAs ?? stage.Name);
                metrics.StageCutShort(stage.Name);
            }
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not StageRightsException)
        {
            Fail(entry, context, exception);
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            return false;
        }
        finally
        {
            context.Candidates.Close();
            var elapsed = time.GetElapsedTime(start);
            context.Record(new StageTiming(stage.Name, elapsed, context.Candidates.Count));
            metrics.StageFinished(stage.Name, elapsed, elapsed > entry.Budget);
        }
    }

    private void Fail(StageEntry entry, RecommendationContext context, Exception exception)
    {
        metrics.StageFailed(entry.Stage.Name);
        if (entry.OnFailure == FailurePolicy.FailOpen)
        {
            context.Degrade(entry.DegradedAs ?? entry.Stage.Name);
            logger.StageFailedOpen(exception, entry.Stage.Name, context.RequestId);
        }
        else
        {
            logger.StageFailed(exception, entry.Stage.Name, context.RequestId);
        }
    }
}
