namespace RecSys.Core.Monitoring.Windows;

/// <summary>The requests of one stretch of a window, for a line over time.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended.</param>
/// <param name="Requests">Number of requests that ended in it, without <paramref name="Refusals"/>.</param>
/// <param name="Failures">Those among them that failed or were shed.</param>
/// <param name="Shed">Those among the failures that ended before any stage ran: they have no time.</param>
/// <param name="Refusals">Requests that were refused because of what they were.</param>
/// <param name="Total">What requests took.</param>
/// <param name="PartMeans">Mean of each part, nanoseconds, in the order of <see cref="Domain.RequestPart"/>, and last of what belongs to
/// none.</param>
public sealed record LatencyPoint(
    DateTimeOffset From, DateTimeOffset To, long Requests, long Failures, long Shed, long Refusals, LatencyRow Total,
    IReadOnlyList<double> PartMeans);
