namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>What a receiver is told, kept until it has taken it. Addresses and keys are not in it.</summary>
/// <param name="Id">Grows with every message.</param>
/// <param name="Channel">Name of the receiver.</param>
/// <param name="IsResolve">True for "it is over".</param>
/// <param name="Incident">Of which incident.</param>
/// <param name="Level">The worst level in it.</param>
/// <param name="At">When it was made.</param>
/// <param name="Title">One line.</param>
/// <param name="Lines">One per alert or action.</param>
public sealed record AlertMessage(
    long Id, string Channel, bool IsResolve, string Incident, AlertLevel Level, DateTimeOffset At, string Title,
    IReadOnlyList<string> Lines)
{
    /// <summary>The first runbook page to read.</summary>
    public string? Runbook { get; init; }
}
