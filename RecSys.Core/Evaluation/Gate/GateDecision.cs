using System.Globalization;
using System.Text;

namespace RecSys.Core.Evaluation.Gate;

/// <summary>What the gate decided about one challenger, and why.</summary>
/// <param name="Champion">What it was compared with; null for the first model.</param>
/// <param name="Challenger">The version judged.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Criteria">Everything that was asked, in the order of asking.</param>
public sealed record GateDecision(string? Champion, string Challenger, GateVerdict Verdict, IReadOnlyList<GateCriterion> Criteria)
{
    public bool Passed => Verdict != GateVerdict.Refused;

    /// <summary>
    /// What decided it, in words: the criteria that failed, or for a challenger that passed those of its rule. Where either of two rules
    /// would have let it through, each reason begins with its rule.
    /// </summary>
    public IReadOnlyList<string> Reasons => [.. Deciding().Select(criterion =>
        !Passed && criterion.Rule is (GateRule.Improve or GateRule.Refresh)
            ? $"{Name(criterion.Rule)}: {criterion.Reason}" : criterion.Reason)];

    /// <summary>A plain text table: criterion, value, bound, verdict, reason.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Challenger} against {Champion ?? "popularity"}: {Name(Verdict)}\n");
        foreach (var criterion in Criteria)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {(criterion.Passed ? "ok  " : "FAIL")} {Name(criterion.Rule),-7} {criterion.Name,-24} {criterion.Reason}\n");
        }
        return text.ToString();
    }

    private IEnumerable<GateCriterion> Deciding()
    {
        var rule = Verdict switch
        {
            GateVerdict.Improve => GateRule.Improve,
            GateVerdict.Refresh => GateRule.Refresh,
            GateVerdict.First => GateRule.First,
            _ => (GateRule?)null,
        };
        if (rule is not null) return Criteria.Where(criterion => criterion.Rule == rule);
        var always = Criteria.Where(criterion => criterion is { Rule: GateRule.Always, Passed: false }).ToArray();
        return always.Length > 0 ? always : Criteria.Where(criterion => !criterion.Passed);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>What follows from a decision. The names are stored.</summary>
public enum GateVerdict
{
    /// <summary>The champion serves on.</summary>
    Refused = 0,
    /// <summary>Better beyond chance.</summary>
    Improve = 1,
    /// <summary>As good, and the champion is stale or its data drifted.</summary>
    Refresh = 2,
    /// <summary>The first model, better than popularity.</summary>
    First = 3,
}
