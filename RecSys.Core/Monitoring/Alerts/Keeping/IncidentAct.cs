namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>What an action did, or why it did nothing.</summary>
/// <param name="Action">Name of the action.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">In words.</param>
public sealed record IncidentAct(string Action, DateTimeOffset At, string Outcome);
