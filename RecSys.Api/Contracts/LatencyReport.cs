using System.Text.Json.Serialization;
using RecSys.Core.Monitoring.Windows;
using static RecSys.Api.Contracts.Milliseconds;

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

/// <summary>A row of a <see cref="LatencyReport"/>; milliseconds where nothing else is said.</summary>
/// <param name="Part">Its name.</param>
/// <param name="SumNs">Of all requests, nanoseconds, exact.</param>
/// <param name="MeanMs">Over all requests.</param>
/// <param name="P50Ms">Percentiles, exact to 0.8 %.</param>
/// <param name="P75Ms">75th.</param>
/// <param name="P90Ms">90th.</param>
/// <param name="P95Ms">95th.</param>
/// <param name="P99Ms">99th.</param>
/// <param name="P999Ms">99.9th.</param>
public sealed record LatencyReportRow(
    string Part,
    long SumNs,
    double MeanMs,
    [property: JsonPropertyName("p50_ms")] double P50Ms,
    [property: JsonPropertyName("p75_ms")] double P75Ms,
    [property: JsonPropertyName("p90_ms")] double P90Ms,
    [property: JsonPropertyName("p95_ms")] double P95Ms,
    [property: JsonPropertyName("p99_ms")] double P99Ms,
    [property: JsonPropertyName("p999_ms")] double P999Ms)
{
    internal static LatencyReportRow Of(LatencyRow row) => new(
        row.Name, row.Sum, Ms(row.Mean), Ms(row.P50), Ms(row.P75), Ms(row.P90), Ms(row.P95), Ms(row.P99), Ms(row.P999));
}
