using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>A red alert as it was when an action of it failed.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="State">Where it stood.</param>
public sealed record OwedAlert(string Rule, RuleState State);
