namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>All that alerts keep over a restart.</summary>
/// <param name="Active">Rules that are not green, by name, with level and since when.</param>
/// <param name="Incidents">What is open.</param>
/// <param name="History">The oldest first.</param>
/// <param name="Silences">In the order in which they were made.</param>
/// <param name="Outbox">Messages that no receiver has taken yet, the oldest first.</param>
/// <param name="LastMessage">The highest number of a message.</param>
public sealed record AlertMemory(
    IReadOnlyDictionary<string, KeptAlert> Active, IReadOnlyList<Incident> Incidents, IReadOnlyList<AlertHistoryEntry> History,
    IReadOnlyList<Silence> Silences, IReadOnlyList<AlertMessage> Outbox, long LastMessage)
{
    /// <summary>Nothing yet.</summary>
    public static AlertMemory Empty { get; } = new(new Dictionary<string, KeptAlert>(), [], [], [], [], 0);
}
