namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>Alerts that began together, and are told and resolved together.</summary>
/// <param name="Id">Names it, here and at the receivers: the time of its beginning and its first rule.</param>
/// <param name="Opened">When its first rule fired.</param>
/// <param name="Rules">Names of its rules, in the order in which they fired.</param>
public sealed record Incident(string Id, DateTimeOffset Opened, IReadOnlyList<string> Rules)
{
    /// <summary>The worst level that was sent; green while nothing was.</summary>
    public AlertLevel Announced { get; init; } = AlertLevel.Green;

    /// <summary>When the next message is due; null when there is nothing new to tell.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The worst level that it had.</summary>
    public AlertLevel Worst { get; init; } = AlertLevel.Green;

    /// <summary>What red set in motion, by action, in words.</summary>
    public IReadOnlyList<IncidentAct> Acts { get; init; } = [];

    /// <summary>True while actions are still to be taken.</summary>
    public bool WantsActing { get; init; }
}
