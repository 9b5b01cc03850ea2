namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>What happened in a stretch of time.</summary>
/// <param name="LatencyMs">Mean latency, milliseconds.</param>
/// <param name="Cpu">Share of the processors that was used, 0 to 1.</param>
/// <param name="Backlog">Requests that wait at its end.</param>
/// <param name="Shed">Requests that were refused.</param>
public sealed record FleetStep(double LatencyMs, double Cpu, double Backlog, double Shed);
