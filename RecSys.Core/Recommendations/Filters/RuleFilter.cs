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
        foreach (var bound in context.Rules.Filters)
            FilterTest.Remove(context.Candidates, bound.Filter, RequestRules.LeavesOut(bound, passes: true), bound.Rule.Reason);
        return ValueTask.CompletedTask;
    }
}
