namespace RecSys.Core.Monitoring.Windows;

/// <summary>Figures of one part of the requests of a window, over all of them; where a part did not run it took 0.</summary>
/// <param name="Name"><c>total</c>, the part, or <c>unattributed</c>.</param>
/// <param name="Sum">All requests together, nanoseconds, exact.</param>
/// <param name="Mean">Nanoseconds.</param>
/// <param name="P50">Nanoseconds; so are the others.</param>
/// <param name="P75">75th percentile.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
public sealed record LatencyRow(
    string Name, long Sum, double Mean, double P50, double P75, double P90, double P95, double P99, double P999)
{
    internal static LatencyRow Of(string name, LatencySketch sketch) => new(
        name, sketch.Sum, sketch.Mean, sketch.Percentile(0.5), sketch.Percentile(0.75), sketch.Percentile(0.9), sketch.Percentile(0.95),
        sketch.Percentile(0.99), sketch.Percentile(0.999));
}
