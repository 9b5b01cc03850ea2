using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Core.Merchandising;

/// <summary>What a rule may be.</summary>
public static class RuleFaults
{
    /// <summary>Longest name and name of a scenario in characters.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Last position of a pin, and most places of a cap.</summary>
    public const int MaxPlace = 100;

    /// <summary>Most scenarios of one rule.</summary>
    public const int MaxScenarios = 20;

    /// <summary>Priorities are between its negative and this.</summary>
    public const int MaxPriority = 1_000_000;

    private static readonly DateTimeOffset End = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, RuleKind[]> Kinds = new(StringComparer.Ordinal)
    {
        ["filter"] = [RuleKind.Boost, RuleKind.Bury, RuleKind.Include, RuleKind.Exclude],
        ["item"] = [RuleKind.Pin], ["position"] = [RuleKind.Pin],
        ["factor"] = [RuleKind.Boost, RuleKind.Bury],
        ["by"] = [RuleKind.Cap], ["most"] = [RuleKind.Cap], ["top"] = [RuleKind.Cap],
    };

    /// <summary>How large filters and segments may be, whatever is set for those of requests.</summary>
    public static ExpressionLimits Expressions { get; } = new();

    /// <summary>Everything that is wrong; empty for a rule that can be followed.</summary>
    public static IReadOnlyList<RuleFault> Of(Rule rule)
    {
        var faults = new List<RuleFault>();
        if (Identifiers.FaultOfNew(rule.Id) is { } id) faults.Add(new("id", id));
        Text("name", rule.Name);
        Belongs("filter", rule.Filter is not null);
        Belongs("item", rule.Item is not null);
        Belongs("position", rule.Position is not null);
        Belongs("factor", rule.Factor is not null);
        Belongs("by", rule.By is not null);
        Belongs("most", rule.Most is not null);
        Belongs("top", rule.Top is not null);
        if (rule.Item is { } item && Identifiers.Fault(item) is { } wrong) faults.Add(new("item", wrong));
        Between("position", rule.Position, 1, MaxPlace);
        Between("most", rule.Most, 1, MaxPlace);
        Between("top", rule.Top, 1, MaxPlace);
        Between("priority", rule.Priority, -MaxPriority, MaxPriority);
        if (rule.Kind == RuleKind.Boost && rule.Factor is not null and not (> 1 and <= ItemFactor.Most))
            faults.Add(new("factor", FormattableString.Invariant($"must be greater than 1 and at most {ItemFactor.Most}")));
        if (rule.Kind == RuleKind.Bury && rule.Factor is not null and not (>= ItemFactor.Least and < 1))
            faults.Add(new("factor", FormattableString.Invariant($"must be at least {ItemFactor.Least} and less than 1")));
        if (rule.Scenarios.Count > MaxScenarios)
            faults.Add(new("scenarios", FormattableString.Invariant($"must not have more than {MaxScenarios} entries")));
        foreach (var scenario in rule.Scenarios)
        {
            if (scenario.Length == 0) faults.Add(new("scenarios", "must not have an empty name"));
            Text("scenarios", scenario);
        }
        Time("starts", rule.Starts);
        Time("ends", rule.Ends);
        if (rule.Starts >= rule.Ends) faults.Add(new("ends", "must be after starts"));
        ExpressionFault? fault = null;
        if (rule.Filter is { } filter && ExpressionReader.Filter(filter, Expressions, out fault) is null)
            faults.Add(new("filter", fault!.ToString()));
        if (rule.Segment is { } segment && ExpressionReader.Segment(segment, Expressions, out fault) is null)
            faults.Add(new("segment", fault!.ToString()));
        return faults;

        void Belongs(string field, bool isThere)
        {
            var belongs = Kinds[field].Contains(rule.Kind);
            if (belongs && !isThere) faults.Add(new(field, $"is required of a rule of kind {RuleNames.Of(rule.Kind)}"));
            if (!belongs && isThere) faults.Add(new(field, $"is not for a rule of kind {RuleNames.Of(rule.Kind)}"));
        }

        void Between(string field, int? value, int least, int most)
        {
            if (value < least || value > most)
                faults.Add(new(field, FormattableString.Invariant($"must be a whole number from {least} to {most}")));
        }

        void Text(string field, string text)
        {
            if (text.Length > MaxNameLength)
                faults.Add(new(field, FormattableString.Invariant($"must not be longer than {MaxNameLength} characters")));
            else if (Identifiers.TextFault(text) is { } problem) faults.Add(new(field, problem));
        }

        void Time(string field, DateTimeOffset? time)
        {
            if (time < DateTimeOffset.UnixEpoch || time >= End) faults.Add(new(field, "must be between the years 1970 and 2199"));
        }
    }

    /// <summary>What the catalogue knows to be wrong: an attribute that no item has, or that is of another type.</summary>
    public static IReadOnlyList<RuleFault> In(Rule rule, ItemCatalog catalog)
    {
        if (rule.Filter is not { } text || ExpressionReader.Filter(text, Expressions, out _) is not { } filter) return [];
        filter.Bind(new ExpressionScope { Catalog = catalog, NowMs = 0 }, out var fault);
        return fault is null ? [] : [new("filter", fault.ToString())];
    }
}
