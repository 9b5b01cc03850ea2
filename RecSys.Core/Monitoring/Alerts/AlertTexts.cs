using System.Globalization;
using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Alerts in words.</summary>
internal static class AlertTexts
{
    /// <summary>
    /// What is wrong with a rule, with its figures, to stand beside its name. A level stays for a while when the value is good again, and
    /// for as long as there is none: then the text says what it waits for.
    /// </summary>
    public static string Summary(AlertRule rule, RuleState state)
    {
        var detail = state.Detail is { } said ? $" ({said})" : "";
        var value = $"{(state.Value is { } known ? rule.Format(known) : "unknown")}{detail}";
        if (rule.Threshold(state.Level) is not { } threshold) return $"well again: {value}, {Mark(rule, AlertLevel.Yellow, rule.Yellow)}";
        var mark = Mark(rule, state.Level, threshold);
        if (!state.HasData) return $"{rule.Summary}: {value} when it was read last, {mark}; there is nothing to judge now, so it stays";
        return state.Value is { } last && !rule.IsBad(last, state.Level)
            ? $"{rule.Summary}: by now {value}, {mark}; {Clearing(rule, threshold)}" : $"{rule.Summary}: {value}, {mark}";
    }

    /// <summary>The line of a message.</summary>
    public static string Line(AlertRule rule, RuleState state) =>
        $"{rule.Name}: {Summary(rule, state)}{(state.Level > AlertLevel.Green ? $"; see {rule.Runbook}" : "")}";

    /// <summary>The line of an action.</summary>
    public static string Line(IncidentAct act) => $"done by itself, {act.Action}: {act.Outcome}";

    private static string Mark(AlertRule rule, AlertLevel level, double threshold) =>
        $"{level.Name()} {(rule.Direction == AlertDirection.Above ? "from" : "down from")} {rule.Format(threshold)}";

    private static string Clearing(AlertRule rule, double threshold)
    {
        var side = rule.Direction == AlertDirection.Above ? "below" : "above";
        var wait = rule.ClearAfter > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $" for {rule.ClearAfter.TotalSeconds:0} s") : "";
        return $"clears once it is {side} {rule.Format(rule.ClearsAt(threshold))}{wait}";
    }
}
