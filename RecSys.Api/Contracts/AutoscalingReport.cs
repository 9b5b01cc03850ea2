using RecSys.Core.Monitoring.Autoscaling;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/autoscaling</c>.</summary>
/// <param name="DesiredReplicas">Servers that are wanted, by what this one measures; null before anything is known.</param>
/// <param name="Why">In words.</param>
/// <param name="LastStep">When a step was taken last; null: never.</param>
/// <param name="Replicas">Servers that are ready; null when they cannot be counted.</param>
/// <param name="MeanLatencyMs">Of recommendations in the last minute; null with too few of them.</param>
/// <param name="Cpu">Share of its processors that this server uses, 0 to 1; null just after the start.</param>
/// <param name="StoreIsBottleneck">True when requests wait for the store.</param>
/// <param name="UpRequested">Why a red alert asks for servers; null while none does.</param>
/// <param name="MinReplicas">Fewest servers.</param>
/// <param name="MaxReplicas">Most servers.</param>
public sealed record AutoscalingReport(
    int? DesiredReplicas, string Why, DateTimeOffset? LastStep, int? Replicas, double? MeanLatencyMs, double? Cpu, bool StoreIsBottleneck,
    string? UpRequested, int MinReplicas, int MaxReplicas)
{
    internal static AutoscalingReport Of(ScalingView view, string? requested, AutoscalingOptions options) => new(
        view.State.Desired, view.State.Why, view.State.Changed, view.Input?.Replicas,
        view.Input?.MeanLatencyMs is { } latency ? Math.Round(latency, 2) : null,
        view.Input?.Cpu is { } cpu ? Math.Round(cpu, 4) : null, view.Input?.StoreIsBottleneck ?? false, requested,
        options.MinReplicas, options.MaxReplicas);
}
