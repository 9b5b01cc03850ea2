using RecSys.Core.Merchandising;

namespace RecSys.Api.Contracts;

/// <summary>A merchandising rule as it is stored; what does not belong to its kind is null.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">pin, boost, bury, include, exclude, cap or own_items.</param>
/// <param name="Filter">Which items it is about.</param>
/// <param name="Item">Id of the item that it pins.</param>
/// <param name="Position">Place of the pin, from 1.</param>
/// <param name="Factor">By what scores are multiplied.</param>
/// <param name="By">category or creator.</param>
/// <param name="Most">Most items of each.</param>
/// <param name="Top">Among so many first places.</param>
/// <param name="Scenarios">Where it holds; empty: everywhere.</param>
/// <param name="Segment">For whom it holds; null: for all.</param>
/// <param name="Starts">From when on it holds.</param>
/// <param name="Ends">From when on it does not hold any more.</param>
/// <param name="Priority">Of two that cannot both be followed the greater one wins.</param>
/// <param name="Enabled">False: kept and not followed.</param>
public sealed record RuleBody(
    string Id,
    string Name,
    string Kind,
    string? Filter,
    string? Item,
    int? Position,
    double? Factor,
    string? By,
    int? Most,
    int? Top,
    IReadOnlyList<string> Scenarios,
    string? Segment,
    DateTimeOffset? Starts,
    DateTimeOffset? Ends,
    int Priority,
    bool Enabled)
{
    internal static RuleBody Of(Rule rule) => new(
        rule.Id, rule.Name, RuleNames.Of(rule.Kind), rule.Filter, rule.Item, rule.Position, rule.Factor,
        rule.By is { } by ? RuleNames.Of(by) : null, rule.Most, rule.Top, rule.Scenarios, rule.Segment, rule.Starts, rule.Ends,
        rule.Priority, rule.Enabled);
}
