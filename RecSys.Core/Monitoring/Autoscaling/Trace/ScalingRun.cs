namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>A simulated trace.</summary>
/// <param name="Trace">Its name.</param>
/// <param name="Points">Every stretch.</param>
/// <param name="Step">Length of a stretch.</param>
public sealed record ScalingRun(string Trace, IReadOnlyList<ScalingPoint> Points, TimeSpan Step)
{
    /// <summary>Steps up.</summary>
    public int Ups => Changes.Count(change => change.By > 0);

    /// <summary>Steps down.</summary>
    public int Downs => Changes.Count(change => change.By < 0);

    /// <summary>Every change of what is wanted.</summary>
    public IReadOnlyList<(double Second, int By)> Changes { get; } =
    [
        .. Points.Zip(Points.Skip(1), (before, after) => (after.Second, after.Desired - before.Desired)).Where(change => change.Item2 != 0),
    ];

    /// <summary>Mean latency over all requests, milliseconds.</summary>
    public double MeanLatencyMs => Points.Sum(point => point.LatencyMs * point.Rate) / Math.Max(1e-9, Points.Sum(point => point.Rate));

    /// <summary>Share of the requests that came in stretches whose mean latency was above a mark.</summary>
    public double ShareAbove(double latencyMs) =>
        Points.Where(point => point.LatencyMs > latencyMs).Sum(point => point.Rate) / Math.Max(1e-9, Points.Sum(point => point.Rate));

    /// <summary>Share of the requests that were refused.</summary>
    public double ShedShare => Points.Sum(point => point.Shed) / Math.Max(1e-9, Points.Sum(point => point.Rate) * Step.TotalSeconds);

    /// <summary>Servers by hours; those that start cost, too.</summary>
    public double ReplicaHours => Points.Sum(point => Math.Max(point.Replicas, point.Desired)) * Step.TotalHours;
}
