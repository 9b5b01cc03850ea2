using Microsoft.Extensions.ObjectPool;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Answers recommendation requests: settles the assignment, takes the model it names, runs the stages, and sees to the work after the response.</summary>
public sealed class Recommender(
    PipelineRunner pipeline, ModelPool<ServingModel> models, LiveState state, SideEffectQueue sideEffects, TimeProvider time)
{
    private readonly DefaultObjectPool<RecommendationContext> contexts = new(new DefaultPooledObjectPolicy<RecommendationContext>(), maximumRetained: 64);

    /// <summary>
    /// Runs the stages up to the response. The caller reads the context and then passes it to <see cref="Complete"/>, always.
    /// </summary>
    /// <returns>The finished context; <c>Candidates</c> holds the list to serve.</returns>
    public ValueTask<RecommendationContext> RecommendAsync(RecommendationRequest request, CancellationToken cancellationToken) =>
        RecommendAsync(request, unhurried: false, cancellationToken);

    /// <summary>Answers requests of known users that nobody made, so that code is compiled and caches are filled before the first real one. Nothing is logged.</summary>
    /// <param name="users">Whom to answer, one after the other.</param>
    /// <param name="cancellationToken">Ends the warm-up early.</param>
    public async Task WarmUpAsync(IEnumerable<string> users, CancellationToken cancellationToken)
    {
        foreach (var user in users) Release(await RecommendAsync(new RecommendationRequest(user, 20), unhurried: true, cancellationToken));
    }

    /// <summary>Call once the response is on its way: queues the side effects; the context must not be touched afterwards.</summary>
    public void Complete(RecommendationContext context)
    {
        if (!sideEffects.TryAdd(context, Release)) Release(context);
    }

    private async ValueTask<RecommendationContext> RecommendAsync(RecommendationRequest request, bool unhurried, CancellationToken cancellationToken)
    {
        var assignment = models.Assign(request.UserId, out var lease);
        var context = contexts.Get();
        context.Begin(request, RequestIds.Next(), time.GetUtcNow(), state, assignment, lease);
        context.Unhurried = unhurried;
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

    private void Release(RecommendationContext context)
    {
        context.Dispose();
        contexts.Return(context);
    }
}
