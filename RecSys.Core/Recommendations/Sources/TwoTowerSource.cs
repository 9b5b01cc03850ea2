using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// The nearest items to the user embedding. Asks for as many more as the user has seen, up to four times the candidates wanted,
/// so that the filters leave enough. What neighbours proposed before takes its places among them (<see cref="CandidateUnion"/>). With a
/// filter it searches among what passes alone.
/// </summary>
internal sealed class TwoTowerSource : IStage
{
    public string Name => "retrieve";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Uses(PolicySources.TwoTower);

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
            var found = context.Narrowing.IsSet
                ? context.Model.SearchAmong(context.UserEmbedding, context.Narrowing.Bits, context.Narrowing.Count, items.AsSpan(0, k),
                    scores.AsSpan(0, k))
                : context.Model.Search(context.UserEmbedding, items.AsSpan(0, k), scores.AsSpan(0, k));
            var union = new UnionOfRequest(context);
            CandidateUnion.AddFound(ref union, items.AsSpan(0, found), scores, context.Ranks ? 0 : context.Candidates.Count, wanted);
            context.Retrieved = true;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
        return ValueTask.CompletedTask;
    }
}
