using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// The items that a request wants ranked, with their tower scores. No other source proposes anything for such a request; the search behind
/// this one tells which of them it would have found, and at which rank, as the ranker knows them.
/// </summary>
internal sealed class GivenSource : IStage
{
    public string Name => "given_items";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Ranks;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        foreach (var item in context.Wishes!.Given!) RankedCandidates.AddOne(context, item, CandidateSources.Given);
        return ValueTask.CompletedTask;
    }
}
