namespace RecSys.Core.Monitoring.Windows;

/// <summary>The requests of the last minutes or hours.</summary>
/// <param name="From">Where it begins: at the window's length ago or, as stretches of time are kept as a whole, a little before.</param>
/// <param name="To">Now.</param>
/// <param name="Requests">Number of requests that ended in it, without <paramref name="Refusals"/>.</param>
/// <param name="Failures">Those among them that failed or were shed.</param>
/// <param name="Shed">Those among the failures that ended before any stage ran: how quickly is no latency, so they have no time.</param>
/// <param name="Refusals">Requests that were refused because of what they were, or of how many the caller sent; nobody waits for a list
/// that cannot be, so they are neither failures nor quick successes.</param>
/// <param name="Total">From the first byte to the sent response, measured by itself.</param>
/// <param name="Parts">In the order of <see cref="Domain.RequestPart"/>.</param>
/// <param name="Rest">What belongs to no part: parts and rest add up to the total exactly.</param>
public sealed record LatencyWindow(
    DateTimeOffset From, DateTimeOffset To, long Requests, long Failures, long Shed, long Refusals, LatencyRow Total,
    IReadOnlyList<LatencyRow> Parts, LatencyRow Rest)
{
    /// <summary>Number of requests that <see cref="Total"/>, <see cref="Parts"/> and <see cref="Rest"/> are of.</summary>
    public long Timed => Requests - Shed;

    /// <summary>Share of the mean total that belongs to no part; 0 of no requests.</summary>
    public double UnattributedShare => Total.Sum == 0 ? 0 : (double)Rest.Sum / Total.Sum;
}
