using System.Buffers;
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
        if (context.Filter is not { } filter || candidates.Length == 0) return ValueTask.CompletedTask;
        var (items, passes) = (ArrayPool<int>.Shared.Rent(candidates.Length), ArrayPool<bool>.Shared.Rent(candidates.Length));
        try
        {
            for (var i = 0; i < candidates.Length; i++) items[i] = candidates[i].Item;
            // As the items are now, not as they were when the request began.
            filter.Test(items.AsSpan(0, candidates.Length), passes);
            for (var i = 0; i < candidates.Length; i++)
            {
                if (!passes[i]) context.Candidates.Remove(i, NotPassing);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<bool>.Shared.Return(passes);
        }
        return ValueTask.CompletedTask;
    }
}
