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
    /// <summary>What red set in motion, failed, and is tried again.</summary>
    public IReadOnlyList<OwedAct> Owed { get; init; } = [];

    /// <summary>Nothing yet.</summary>
    public static AlertMemory Empty { get; } = new(new Dictionary<string, KeptAlert>(), [], [], [], [], 0);

    /// <summary>False where something is in it that JSON allows and no process ever wrote: null in a list, a level without a name, a number
    /// without end.</summary>
    internal bool IsSound =>
        Active.Values.All(alert => alert is not null && IsKnown(alert.Level) && IsFinite(alert.Value))
        && Incidents.All(incident => incident is { Rules.Count: > 0 } && IsKnown(incident.Announced) && IsKnown(incident.Worst)
            && AreThere(incident.Rules) && AreThere(incident.Acts))
        && History.All(entry => entry is not null && IsKnown(entry.From) && IsKnown(entry.To) && IsFinite(entry.Value))
        && AreThere(Silences)
        && Outbox.All(message => message is not null && IsKnown(message.Level) && AreThere(message.Lines))
        && Owed.All(act => act is { Incident.Rules: not null } && act.Alerts.All(
            alert => alert is not null && IsKnown(alert.State.Level) && IsFinite(alert.State.Value)));

    private static bool AreThere<T>(IEnumerable<T> entries) => entries.All(entry => entry is not null);

    private static bool IsKnown(AlertLevel level) => Enum.IsDefined(level);

    private static bool IsFinite(double? value) => value is not { } number || double.IsFinite(number);
}
