using System.Collections.Concurrent;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Answers recommendation requests: takes one model, runs the stages, and sees to the work after the response.</summary>
public sealed class Recommender(
    PipelineRunner pipeline, ModelHost<ServingModel> models, LiveState state, SideEffectQueue sideEffects, TimeProvider time)
{
    private readonly ConcurrentBag<RecommendationContext> idle = [];

    /// <summary>
    /// Runs the stages up to the response. The caller reads the context and then passes it to <see cref="Complete"/>, always.
    /// </summary>
    /// <returns>The finished context; <c>Candidates</c> holds the list to serve.</returns>
    public async ValueTask<RecommendationContext> RecommendAsync(RecommendationRequest request, CancellationToken cancellationToken)
    {
        var context = idle.TryTake(out var used) ? used : new RecommendationContext();
        context.Begin(request, RequestIds.Next(), time.GetUtcNow(), state, models.Acquire());
        try
        {
            if (!await pipeline.RunAsync(context, cancellationToken)) context.Fail();
            return context;
        }
        catch
        {
            Release(context);
            throw;
        }
    }

    /// <summary>Call once the response is on its way: queues the side effects; the context must not be touched afterwards.</summary>
    public void Complete(RecommendationContext context)
    {
        if (!sideEffects.TryAdd(context, Release)) Release(context);
    }

    private void Release(RecommendationContext context)
    {
        context.Dispose();
        if (idle.Count < 64) idle.Add(context);
    }
}
