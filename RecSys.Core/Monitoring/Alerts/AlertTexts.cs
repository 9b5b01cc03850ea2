using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Alerts in words.</summary>
internal static class AlertTexts
{
    /// <summary>What is wrong with a rule, with its figures.</summary>
    public static string Summary(AlertRule rule, RuleState state)
    {
        var value = state.Value is { } known ? rule.Format(known) : "unknown";
        var detail = state.Detail is { } said ? $" ({said})" : "";
        if (rule.Threshold(state.Level) is not { } threshold) return $"{rule.Name} is well again: {value}{detail}";
        var side = rule.Direction == AlertDirection.Above ? "from" : "down from";
        return $"{rule.Summary}: {value}{detail}, {state.Level.Name()} {side} {rule.Format(threshold)}";
    }

    /// <summary>The line of a message.</summary>
    public static string Line(AlertRule rule, RuleState state) => $"{rule.Name}: {Summary(rule, state)}; see {rule.Runbook}";

    /// <summary>The line of an action.</summary>
    public static string Line(IncidentAct act) => $"done by itself, {act.Action}: {act.Outcome}";
}
