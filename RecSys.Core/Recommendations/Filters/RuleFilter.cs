using System.Buffers;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Takes out what include and exclude rules and the rule on own items leave out; the reason names the rule.</summary>
internal sealed class RuleFilter : IStage
{
    public string Name => "filter_rules";
    public StageKind Kind => StageKind.Filter;

    public bool AppliesTo(RecommendationContext context) => context.Rules.Filters.Count > 0;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates.Items;
        if (candidates.IsEmpty) return ValueTask.CompletedTask;
        var (items, passes) = (ArrayPool<int>.Shared.Rent(candidates.Length), ArrayPool<bool>.Shared.Rent(candidates.Length));
        try
        {
            for (var i = 0; i < candidates.Length; i++) items[i] = candidates[i].Item;
            foreach (var bound in context.Rules.Filters)
            {
                // As the items are now, not as they were when the request began.
                bound.Filter.Test(items.AsSpan(0, candidates.Length), passes);
                for (var i = 0; i < candidates.Length; i++)
                {
                    if (RequestRules.LeavesOut(bound, passes[i])) context.Candidates.Remove(i, bound.Rule.Reason);
                }
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
