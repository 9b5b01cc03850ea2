using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Api.Contracts;

/// <summary>A rule that is not green.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Level"><c>yellow</c> or <c>red</c>.</param>
/// <param name="Since">Since when it is at this level.</param>
/// <param name="Value">The last value; null when there is none.</param>
/// <param name="Threshold">Of the level.</param>
/// <param name="Unit">Of value and threshold.</param>
/// <param name="Summary">In words.</param>
/// <param name="Runbook">Page and heading to read.</param>
/// <param name="SilencedUntil">Until when it sends nothing; null when it is not silenced.</param>
/// <param name="Acted">What was done without a person, and what came of it.</param>
public sealed record ActiveAlert(
    string Name, string Level, DateTimeOffset Since, double? Value, double? Threshold, string Unit, string Summary, string Runbook,
    DateTimeOffset? SilencedUntil, IReadOnlyList<string> Acted)
{
    internal static ActiveAlert Of(AlertRule rule, RuleState state, AlertOverview overview, DateTimeOffset now)
    {
        var silenced = overview.Silences.Where(silence => silence.Covers(rule.Name, now)).Select(silence => (DateTimeOffset?)silence.Until);
        var acts = overview.Incidents.Where(incident => incident.Rules.Contains(rule.Name, StringComparer.Ordinal))
            .SelectMany(incident => incident.Acts).Select(act => $"{act.Action}: {act.Outcome}");
        return new ActiveAlert(
            rule.Name, state.Level.Name(), state.Since, state.Value, rule.Threshold(state.Level), rule.Unit,
            AlertTexts.Summary(rule, state), rule.Runbook, silenced.Max(), [.. acts]);
    }
}
