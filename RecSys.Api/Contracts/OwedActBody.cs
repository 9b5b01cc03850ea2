using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Api.Contracts;

/// <summary>What red set in motion, failed, and is tried again.</summary>
/// <param name="Incident">Of which incident.</param>
/// <param name="Action">Name of the action.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Next">When it is tried next.</param>
/// <param name="Fault">What the last try failed with.</param>
public sealed record OwedActBody(string Incident, string Action, DateTimeOffset Since, int Tries, DateTimeOffset Next, string Fault)
{
    internal static OwedActBody Of(OwedAct act) => new(act.Incident.Id, act.Action, act.Since, act.Tries, act.Next, act.Fault);
}
