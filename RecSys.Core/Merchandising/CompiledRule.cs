using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Core.Merchandising;

/// <summary>A rule that is ready to be followed: its expressions are read. Immutable.</summary>
public sealed class CompiledRule
{
    /// <summary>Before the id in the reason of what a rule took out.</summary>
    public const string ReasonPrefix = "rule:";

    /// <summary>The field of the request that <see cref="OwnItems"/> asks for.</summary>
    internal const string UserField = "user_id";

    private static readonly Expression<ItemFilter> OwnItems =
        ExpressionReader.Filter($"creator = context.{UserField}", RuleFaults.Expressions, out _)!;

    private CompiledRule(Rule rule, Expression<ItemFilter>? filter, Expression<ItemFilter>? segment)
    {
        (Rule, Filter, Segment) = (rule, filter, segment);
        Reason = ReasonPrefix + rule.Id;
    }

    public Rule Rule { get; }

    /// <summary>Which items it is about; null for pins and caps. Of own items it asks for <see cref="UserField"/>.</summary>
    public Expression<ItemFilter>? Filter { get; }

    /// <summary>For whom it holds; the same for every item. Null: for all.</summary>
    public Expression<ItemFilter>? Segment { get; }

    /// <summary>What is said of an item that it took out.</summary>
    public string Reason { get; }

    /// <exception cref="RecSysException">The rule has a fault.</exception>
    public static CompiledRule Of(Rule rule)
    {
        if (RuleFaults.Of(rule) is [var fault, ..])
            throw new RecSysException($"The rule {rule.Id} is not valid: {fault.Field} {fault.Problem}.");
        var filter = rule.Kind == RuleKind.OwnItems ? OwnItems
            : rule.Filter is { } text ? ExpressionReader.Filter(text, RuleFaults.Expressions, out _) : null;
        return new CompiledRule(rule, filter,
            rule.Segment is { } segment ? ExpressionReader.Segment(segment, RuleFaults.Expressions, out _) : null);
    }

    /// <summary>Whether it holds in the scenario at the moment, for whomever.</summary>
    public bool IsInForce(string scenario, DateTimeOffset now) =>
        Rule.Enabled && !(now < Rule.Starts) && !(now >= Rule.Ends)
        && (Rule.Scenarios.Count == 0 || Rule.Scenarios.Contains(scenario, StringComparer.Ordinal));
}
