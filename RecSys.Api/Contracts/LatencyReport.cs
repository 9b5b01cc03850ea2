using RecSys.Core.Monitoring.Windows;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/latency</c>: recommendation requests that ended in the window.</summary>
/// <param name="Window">As asked for.</param>
/// <param name="From">Where it begins, a little before its length ago.</param>
/// <param name="To">Now.</param>
/// <param name="Requests">Those that were not refused, failures too.</param>
/// <param name="Failures">Status 499 or 5xx.</param>
/// <param name="Shed">Failures before any stage ran, as on an overloaded server: they have no time in what follows.</param>
/// <param name="Refused">Status 4xx but 499, such as those of one client that asks too much: in no other figure.</param>
/// <param name="RefusedPerSecond">On the average of the window.</param>
/// <param name="Total">From the first byte to the sent response, measured by itself.</param>
/// <param name="Parts">Of every request with a time; a part that did not run took 0.</param>
/// <param name="Unattributed">What belongs to no part: with the parts it adds up to the total.</param>
/// <param name="UnattributedShare">Of the mean total.</param>
public sealed record LatencyReport(
    string Window, DateTimeOffset From, DateTimeOffset To, long Requests, long Failures, long Shed, long Refused,
    double RefusedPerSecond, LatencyReportRow Total, IReadOnlyList<LatencyReportRow> Parts, LatencyReportRow Unattributed,
    double UnattributedShare)
{
    internal static LatencyReport Of(string name, LatencyWindow window) => new(
        name, window.From, window.To, window.Requests, window.Failures, window.Shed, window.Refusals,
        PerSecond.Of(window.Refusals, window.From, window.To), LatencyReportRow.Of(window.Total),
        [.. window.Parts.Select(LatencyReportRow.Of)], LatencyReportRow.Of(window.Rest), Math.Round(window.UnattributedShare, 4));
}
