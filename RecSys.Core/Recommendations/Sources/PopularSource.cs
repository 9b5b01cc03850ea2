using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Most popular items, of the user's own segment where it has enough events. Stands in for the search when that has failed, and beside it
/// when the reply is not personal anyway. In a policy without the search they are candidates like others.
/// </summary>
internal sealed class PopularSource(PopularItems popular) : IRankedSource
{
    public string Name => "popular";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.Popular);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var retrieved = context.Candidates.Any(CandidateSources.TwoTower);
        if (retrieved && context.NotPersonal is null) return ValueTask.CompletedTask;
        if (!retrieved && context.Uses(PolicySources.TwoTower)) context.Degrade("popular");
        var wanted = context.Policy.Candidates / (retrieved ? 2 : 1);
        RankedCandidates.Add(context, popular.Current(context.User.Profile, context.Device, context.Location), CandidateSources.Popular,
            wanted);
        return ValueTask.CompletedTask;
    }

    public SourceStanding StandingOf(RecommendationContext context, int item) => new(
        CandidateSourceNames.Of(CandidateSources.Popular),
        RankedCandidates.RankOf(context, popular.Current(context.User.Profile, context.Device, context.Location), item),
        !context.Retrieved ? context.Policy.Candidates : context.NotPersonal is null ? 0 : context.Policy.Candidates / 2);
}
