using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/latency/series</c>: the window in stretches, the oldest first; stretches in which nothing came are
/// left out.</summary>
/// <param name="Window">As asked for.</param>
/// <param name="StepSeconds">Length of a stretch; the first and the last may be shorter, and old ones that were merged longer.</param>
/// <param name="Parts">What <see cref="LatencySeriesPoint.PartMeansMs"/> are of, in order.</param>
/// <param name="Points">At most some 170.</param>
public sealed record LatencySeries(string Window, double StepSeconds, IReadOnlyList<string> Parts, IReadOnlyList<LatencySeriesPoint> Points)
{
    internal static LatencySeries Of(string name, TimeSpan step, IReadOnlyList<LatencyPoint> points) =>
        new(name, step.TotalSeconds, [.. RequestParts.Names, "unattributed"], [.. points.Select(LatencySeriesPoint.Of)]);
}
