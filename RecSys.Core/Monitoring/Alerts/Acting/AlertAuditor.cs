using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>Takes down what was done without a person.</summary>
/// <param name="Write">Given the incident and what was done.</param>
public sealed record AlertAuditor(Action<string, IncidentAct> Write);
