using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Merchandising;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// Finds the merchandising rules that hold for the request: of its scenario, at its time, for its user. A rule on an attribute that
/// no item has any more is not followed, and the reply says <c>rules</c>. Of pins that want one place, or one item, the first by
/// priority and id gets it; one whose item may not be shown leaves it to the next.
/// </summary>
internal sealed class MatchRules : IStage
{
    private static readonly IReadOnlyDictionary<string, AttributeValue> NoFields = new Dictionary<string, AttributeValue>();

    public string Name => "rules";
    public StageKind Kind => StageKind.Enrich;

    public bool AppliesTo(RecommendationContext context) => context.World.Rules.IsAnyInForce(context.Request.Scenario, context.Time);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (rules, pins) = (context.Rules, new List<CompiledRule>());
        var scope = context.Scope(context.Wishes?.Context ?? NoFields);
        foreach (var rule in context.World.Rules.InOrder)
        {
            if (!rule.IsInForce(context.Request.Scenario, context.Time) || !IsFor(context, rule, scope)) continue;
            if (rule.Rule.Kind == RuleKind.Pin) pins.Add(rule);
            else if (rule.Rule.Kind == RuleKind.Cap) rules.AddCap(rule.Rule);
            else if (Bound(context, rule.Filter!, FieldsOf(context, rule, scope)) is { } filter) rules.Add(new BoundRule(rule, filter));
        }
        // What may not be shown is known once all others are found.
        foreach (var pin in pins) Pin(context, pin.Rule);
        return ValueTask.CompletedTask;
    }

    // The condition is the same for all items, so it does not matter which one is asked about.
    private static bool IsFor(RecommendationContext context, CompiledRule rule, ExpressionScope scope) =>
        rule.Segment is null || Bound(context, rule.Segment, scope)?.Passes(0) == true;

    private static ExpressionScope FieldsOf(RecommendationContext context, CompiledRule rule, ExpressionScope scope)
    {
        if (rule.Rule.Kind != RuleKind.OwnItems) return scope;
        var user = AttributeValue.Of(context.User.Profile?.Id ?? context.Request.UserId);
        return scope with { Context = new Dictionary<string, AttributeValue> { [CompiledRule.UserField] = user } };
    }

    private static ItemFilter? Bound(RecommendationContext context, Expression<ItemFilter> expression, ExpressionScope scope)
    {
        var filter = expression.Bind(scope, out _);
        if (filter is null) context.Degrade("rules");
        return filter;
    }

    private static void Pin(RecommendationContext context, Rule rule)
    {
        if (!context.Catalog.TryGetNumber(rule.Item!, out var item) || !context.Catalog.IsServable(item)) return;
        if (context.User.Seen.Find(item).Rejected || !context.Wants(item)) return;
        context.Rules.TryPin(new PinnedItem(item, rule.Position!.Value - 1));
    }
}
