using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Takes out items that may not be served at all.</summary>
internal sealed class AvailabilityFilter : IStage
{
    public string Name => "filter_unavailable";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (!context.Catalog.IsServable(candidates[i].Item)) context.Candidates.Remove(i, "unavailable");
        }
        return ValueTask.CompletedTask;
    }
}
