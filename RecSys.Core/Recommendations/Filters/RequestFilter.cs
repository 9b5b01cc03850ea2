using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Takes out what the request excludes, and what its filter does not let pass.</summary>
internal sealed class RequestFilter : IStage
{
    /// <summary>Why an item was taken out, in traces and in <c>shortfall</c>.</summary>
    public const string Excluded = "excluded", NotPassing = "filter";

    public string Name => "filter_request";
    public StageKind Kind => StageKind.Filter;

    public bool AppliesTo(RecommendationContext context) => context.Wishes is not null;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var wishes = context.Wishes!;
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (wishes.Excluded.Contains(candidates[i].Item)) context.Candidates.Remove(i, Excluded);
        }
        if (context.Filter is { } filter) FilterTest.Remove(context.Candidates, filter, leavesOut: false, NotPassing);
        return ValueTask.CompletedTask;
    }
}
