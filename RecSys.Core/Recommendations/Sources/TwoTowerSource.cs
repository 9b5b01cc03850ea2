using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// The nearest items to the user embedding. Asks for as many more as the user has seen, up to four times the candidates wanted,
/// so that the filters leave enough. What neighbours proposed before takes its places among them (<see cref="CandidateUnion"/>). With a
/// filter it searches among what passes alone.
/// </summary>
internal sealed class TwoTowerSource : IRankedSource
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

    /// <summary>
    /// The rank is the exact one among what the user has not met, by a look at every item; an index may have found less than that.
    /// </summary>
    public SourceStanding StandingOf(RecommendationContext context, int item)
    {
        var (name, model) = (CandidateSourceNames.Of(CandidateSources.TwoTower), context.Model);
        var last = context.Trace?.LastRetrieved?.RetrievalScore;
        if (!context.Retrieved) return new SourceStanding(name, null, 0);
        if (!model.TryGet(item, out var own)) return new SourceStanding(name, null, context.Policy.Candidates, null, last);
        var (score, union, rank) = (TensorPrimitives.Dot(context.UserEmbedding, own), new UnionOfRequest(context), 0);
        for (var other = 0; other < context.Catalog.Count; other++)
        {
            if (other != item && model.TryGet(other, out var theirs) && !context.Catalog.IsRemoved(other)
                && TensorPrimitives.Dot(context.UserEmbedding, theirs) > score && union.IsNew(other))
                rank++;
        }
        return new SourceStanding(
            name, context.Catalog.IsRemoved(item) || !union.IsNew(item) ? null : rank, context.Policy.Candidates, score, last);
    }
}
