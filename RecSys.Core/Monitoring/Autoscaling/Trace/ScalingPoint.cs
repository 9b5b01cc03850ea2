namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>A simulated stretch.</summary>
/// <param name="Second">From the start of the trace.</param>
/// <param name="Rate">Requests per second.</param>
/// <param name="Replicas">Servers that bear load.</param>
/// <param name="Desired">Servers that are wanted.</param>
/// <param name="LatencyMs">Mean latency, milliseconds.</param>
/// <param name="Cpu">Share of the processors, 0 to 1.</param>
/// <param name="Shed">Requests that were refused.</param>
public sealed record ScalingPoint(double Second, double Rate, int Replicas, int Desired, double LatencyMs, double Cpu, double Shed);
