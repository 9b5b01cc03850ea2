using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>A bounded share of new items among the candidates, which no model knows from experience.</summary>
internal sealed class NewItemsSource(NewItems young) : IStage
{
    public string Name => "new_items";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.New);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var limit = (int)(context.Policy.NewItemShare * context.Policy.Candidates);
        if (limit > 0) RankedCandidates.Add(context, young.Current(), CandidateSources.New, limit);
        return ValueTask.CompletedTask;
    }
}
