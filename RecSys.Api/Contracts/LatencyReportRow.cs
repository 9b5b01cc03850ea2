using System.Text.Json.Serialization;
using RecSys.Core.Monitoring.Windows;
using static RecSys.Api.Contracts.Milliseconds;

namespace RecSys.Api.Contracts;

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
