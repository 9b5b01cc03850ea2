using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Api.Contracts;

/// <summary>A rule and where it stands.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Yellow">From here on yellow.</param>
/// <param name="Red">From here on red; null: never.</param>
/// <param name="Unit">Of thresholds and value: <c>s</c>, <c>share</c>, <c>index</c>, <c>entries</c> or <c>nights</c>.</param>
/// <param name="Direction"><c>above</c> or <c>below</c>: on which side values are bad.</param>
/// <param name="HoldSeconds">How long a value must be bad.</param>
/// <param name="Value">The last value; null before the first.</param>
/// <param name="State">Its level, or <c>no_data</c> where it is green and the last look found nothing to judge.</param>
/// <param name="Since">Since when it is at this level.</param>
/// <param name="Runbook">Page and heading to read.</param>
public sealed record AlertRuleBody(
    string Name, double Yellow, double? Red, string Unit, string Direction, double HoldSeconds, double? Value, string State,
    DateTimeOffset Since, string Runbook)
{
    internal static AlertRuleBody Of(AlertRule rule, RuleState state) => new(
        rule.Name, rule.Yellow, rule.Red, rule.Unit, rule.Direction == AlertDirection.Above ? "above" : "below", rule.Hold.TotalSeconds,
        state.Value, state is { Level: AlertLevel.Green, HasData: false } ? "no_data" : state.Level.Name(), state.Since, rule.Runbook);
}
