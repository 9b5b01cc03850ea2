using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Items whose popularity grows, for everyone.</summary>
internal sealed class TrendingSource(TrendingItems trending) : IStage
{
    public string Name => "trending";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.Trending);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var limit = context.Policy.TrendingLimit;
        if (limit > 0) RankedCandidates.Add(context, trending.Current(), CandidateSources.Trending, limit);
        return ValueTask.CompletedTask;
    }
}
