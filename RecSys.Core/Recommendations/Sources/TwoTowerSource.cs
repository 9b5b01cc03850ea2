using System.Buffers;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// The nearest items to the user embedding. Asks for as many more as the user has seen, up to four times the candidates wanted,
/// so that the filters leave enough.
/// </summary>
internal sealed class TwoTowerSource : IStage
{
    public string Name => "retrieve";
    public StageKind Kind => StageKind.Retrieve;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (!context.HasUserEmbedding) return ValueTask.CompletedTask;
        var wanted = context.Policy.Candidates;
        var k = wanted + Math.Min(context.User.Seen.Count, 3 * wanted);
        var items = ArrayPool<int>.Shared.Rent(k);
        var scores = ArrayPool<float>.Shared.Rent(k);
        try
        {
            using var search = PipelineMetrics.Activities.StartActivity("vector_search");
            var found = context.Model.Search(context.UserEmbedding, items.AsSpan(0, k), scores.AsSpan(0, k));
            Add(context, items.AsSpan(0, found), scores, wanted);
            context.Retrieved = true;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
        return ValueTask.CompletedTask;
    }

    // The rank counts only what the user has not met, as it does in the ranker's training rows; the others stay in so that their removal is
    // on record.
    private static void Add(RecommendationContext context, ReadOnlySpan<int> items, ReadOnlySpan<float> scores, int wanted)
    {
        var rank = 0;
        var (seen, candidates) = (context.User.Seen, context.Candidates);
        for (var i = 0; i < items.Length && rank < wanted; i++)
        {
            var item = items[i];
            candidates.Add(item, CandidateSources.TwoTower, scores[i], rank);
            var met = seen.Find(item);
            if (met.ConsumedMs is null && met.ShownMs is null) rank++;
        }
    }
}
