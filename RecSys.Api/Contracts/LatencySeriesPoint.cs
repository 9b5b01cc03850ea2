using System.Text.Json.Serialization;
using RecSys.Core.Monitoring.Windows;
using static RecSys.Api.Contracts.Milliseconds;

namespace RecSys.Api.Contracts;

/// <summary>A stretch of a <see cref="LatencySeries"/>; milliseconds where nothing else is said.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended.</param>
/// <param name="Requests">Requests that ended in it and were not refused.</param>
/// <param name="Failures">Status 499 or 5xx.</param>
/// <param name="Shed">Failures before any stage ran; where that is all, latencies are 0 and say nothing.</param>
/// <param name="Refused">Status 4xx but 499.</param>
/// <param name="RequestsPerSecond">On the average.</param>
/// <param name="RefusedPerSecond">As above.</param>
/// <param name="MeanMs">Over all requests.</param>
/// <param name="P50Ms">Percentiles, exact to 0.8 %.</param>
/// <param name="P90Ms">90th.</param>
/// <param name="P99Ms">99th.</param>
/// <param name="PartMeansMs">Means of the parts, which add up to that of the whole.</param>
public sealed record LatencySeriesPoint(
    DateTimeOffset From,
    DateTimeOffset To,
    long Requests,
    long Failures,
    long Shed,
    long Refused,
    double RequestsPerSecond,
    double RefusedPerSecond,
    double MeanMs,
    [property: JsonPropertyName("p50_ms")] double P50Ms,
    [property: JsonPropertyName("p90_ms")] double P90Ms,
    [property: JsonPropertyName("p99_ms")] double P99Ms,
    IReadOnlyList<double> PartMeansMs)
{
    internal static LatencySeriesPoint Of(LatencyPoint point) => new(
        point.From, point.To, point.Requests, point.Failures, point.Shed, point.Refusals,
        PerSecond.Of(point.Requests, point.From, point.To), PerSecond.Of(point.Refusals, point.From, point.To), Ms(point.Total.Mean),
        Ms(point.Total.P50),
        Ms(point.Total.P90), Ms(point.Total.P99), [.. point.PartMeans.Select(Ms)]);
}
