namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>What a decision goes by. Null: not known.</summary>
/// <param name="Replicas">Servers that are ready.</param>
/// <param name="MeanLatencyMs">Of recommendations in the last minute, milliseconds. What was refused or shed is quick and says nothing.
/// </param>
/// <param name="Cpu">Share of its processors that the server uses, 0 to 1.</param>
/// <param name="StoreIsBottleneck">True when requests wait for the store: more servers would ask it more.</param>
/// <param name="UpRequested">True when a red alert asks for servers.</param>
public sealed record ScalingInput(int? Replicas, double? MeanLatencyMs, double? Cpu, bool StoreIsBottleneck, bool UpRequested);
