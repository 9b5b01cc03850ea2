using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Flagged content never leaves, judged by the catalogue as it is now, not as it was when the request began.</summary>
internal sealed class SafetyRule : IStage
{
    public string Name => "safety";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var current = context.Catalog;
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (!current.IsServable(candidates[i].Item)) context.Candidates.Remove(i, "unsafe");
        }
        return ValueTask.CompletedTask;
    }
}
