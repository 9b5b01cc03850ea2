using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>An incident that sets something in motion.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Alerts">Its rules that are red now and not silenced.</param>
public sealed record RedAlert(Incident Incident, IReadOnlyList<(AlertRule Rule, RuleState State)> Alerts);
