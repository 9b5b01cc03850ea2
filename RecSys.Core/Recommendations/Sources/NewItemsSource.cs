using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>A bounded share of new items among the candidates, which no model knows from experience.</summary>
internal sealed class NewItemsSource(NewItems young) : IRankedSource
{
    public string Name => "new_items";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.New);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var limit = Places(context);
        if (limit > 0) RankedCandidates.Add(context, young.Current(), CandidateSources.New, limit);
        return ValueTask.CompletedTask;
    }

    public SourceStanding StandingOf(RecommendationContext context, int item) =>
        new(CandidateSourceNames.Of(CandidateSources.New), RankedCandidates.RankOf(context, young.Current(), item), Places(context));

    private static int Places(RecommendationContext context) => (int)(context.Policy.NewItemShare * context.Policy.Candidates);
}
