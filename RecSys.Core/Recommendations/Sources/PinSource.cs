using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Proposes the items that rules give places, in front of all others.</summary>
internal sealed class PinSource : IStage
{
    public string Name => "pinned";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Rules.Pins.Count > 0;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        foreach (var pin in context.Rules.Pins) RankedCandidates.AddOne(context, pin.Item, CandidateSources.Pinned);
        return ValueTask.CompletedTask;
    }
}
