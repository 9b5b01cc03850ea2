using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Api.Contracts;

/// <summary>A change of a level.</summary>
/// <param name="At">When.</param>
/// <param name="Name">Of the rule.</param>
/// <param name="From">The level before.</param>
/// <param name="To">The level from then on.</param>
/// <param name="Value">What was read.</param>
/// <param name="Summary">In words.</param>
public sealed record AlertHistoryBody(DateTimeOffset At, string Name, string From, string To, double? Value, string Summary)
{
    internal static AlertHistoryBody Of(AlertHistoryEntry entry) =>
        new(entry.At, entry.Name, entry.From.Name(), entry.To.Name(), entry.Value, entry.Summary);
}
