namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>One change of a level.</summary>
/// <param name="At">When.</param>
/// <param name="Name">Of the rule.</param>
/// <param name="From">The level before.</param>
/// <param name="To">The level from then on.</param>
/// <param name="Value">What was read.</param>
/// <param name="Summary">In words, with figures.</param>
public sealed record AlertHistoryEntry(
    DateTimeOffset At, string Name, AlertLevel From, AlertLevel To, double? Value, string Summary);
