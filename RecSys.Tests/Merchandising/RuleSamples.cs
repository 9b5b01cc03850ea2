using RecSys.Core.Domain;
using RecSys.Core.Merchandising;

namespace RecSys.Tests.Merchandising;

/// <summary>Rules of every kind, and short ways to put them.</summary>
internal static class RuleSamples
{
    public static Rule Pin(string id, string item, int position, int priority = 0) =>
        new() { Id = id, Kind = RuleKind.Pin, Item = item, Position = position, Priority = priority };

    public static Rule Filtered(string id, RuleKind kind, string filter) => new() { Id = id, Kind = kind, Filter = filter };

    public static Rule Scaled(string id, string filter, double factor) =>
        new() { Id = id, Kind = factor > 1 ? RuleKind.Boost : RuleKind.Bury, Filter = filter, Factor = factor };

    public static Rule Cap(string id, CapGroup by, int most, int top) =>
        new() { Id = id, Kind = RuleKind.Cap, By = by, Most = most, Top = top };

    public static Rule OwnItems(string id) => new() { Id = id, Kind = RuleKind.OwnItems };

    public static RuleChange Put(Rule rule, string by = "editor") => new(rule.Id, RuleJson.Write(rule), by);

    public static RuleBook Book(params Rule[] rules) =>
        RuleBook.Of(rules.Select(rule => KeyValuePair.Create(rule.Id, RuleJson.Write(rule))));
}
