using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Alerts at one moment.</summary>
/// <param name="Light">The worst level of all rules, silenced ones too.</param>
/// <param name="Rules">Every rule with where it stands.</param>
/// <param name="Incidents">What is open.</param>
/// <param name="History">Changes of levels, the newest first.</param>
/// <param name="Silences">Those in force.</param>
/// <param name="Owed">What red set in motion, failed, and is tried again.</param>
/// <param name="IsStored">False while what alerts keep cannot be written: a restart would forget what changed since.</param>
public sealed record AlertOverview(
    AlertLevel Light, IReadOnlyList<(AlertRule Rule, RuleState State)> Rules, IReadOnlyList<Incident> Incidents,
    IReadOnlyList<AlertHistoryEntry> History, IReadOnlyList<Silence> Silences,
    IReadOnlyList<OwedAct> Owed, bool IsStored);
