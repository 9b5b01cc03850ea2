using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Items whose popularity grows, for everyone.</summary>
internal sealed class TrendingSource(TrendingItems trending) : IRankedSource
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

    public SourceStanding StandingOf(RecommendationContext context, int item) => new(
        CandidateSourceNames.Of(CandidateSources.Trending), RankedCandidates.RankOf(context, trending.Current(), item),
        context.Policy.TrendingLimit);
}
