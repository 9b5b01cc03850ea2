using RecSys.Core.Monitoring.Alerts;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/alerts</c>.</summary>
/// <param name="Light"><c>green</c>, <c>yellow</c> or <c>red</c>: the worst level of all rules.</param>
/// <param name="Reasons">Why it is not green, the worst first; empty when it is.</param>
/// <param name="Active">Rules that are not green, the worst first.</param>
/// <param name="Rules">Every rule.</param>
/// <param name="History">Changes of levels, the newest first.</param>
/// <param name="Silences">Silences in force.</param>
/// <param name="Owed">What red set in motion, failed, and is tried again.</param>
/// <param name="Stored">False while what alerts keep cannot be written: a restart would forget what changed since.</param>
public sealed record AlertsReport(
    string Light, IReadOnlyList<string> Reasons, IReadOnlyList<ActiveAlert> Active, IReadOnlyList<AlertRuleBody> Rules,
    IReadOnlyList<AlertHistoryBody> History, IReadOnlyList<SilenceBody> Silences,
    IReadOnlyList<OwedActBody> Owed, bool Stored)
{
    internal static AlertsReport Of(AlertOverview overview, DateTimeOffset now)
    {
        var active = overview.Rules.Where(each => each.State.Level > AlertLevel.Green)
            .OrderByDescending(each => each.State.Level).Select(each => ActiveAlert.Of(each.Rule, each.State, overview, now)).ToList();
        return new AlertsReport(
            overview.Light.Name(), [.. active.Select(alert => $"{alert.Name}: {alert.Summary}")], active,
            [.. overview.Rules.Select(each => AlertRuleBody.Of(each.Rule, each.State))],
            [.. overview.History.Select(AlertHistoryBody.Of)], [.. overview.Silences.Select(silence => SilenceBody.Of(silence))],
            [.. overview.Owed.Select(OwedActBody.Of)], overview.IsStored);
    }
}
