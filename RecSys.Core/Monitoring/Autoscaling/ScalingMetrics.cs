using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>Instruments of autoscaling.</summary>
public sealed class ScalingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Autoscaling";

    private ScalingJob? job;

    public ScalingMetrics(IMeterFactory meters)
    {
        meters.Create(SourceName).CreateKnownGauge("recsys_desired_replicas", () => job?.View.State.Desired,
                "Servers that are wanted, by what this one measures; nothing before anything is known")
            .Noted("the largest over all servers is what an autoscaler follows; at Autoscaling:MaxReplicas somebody has to look");
    }

    internal void Observe(ScalingJob decisions) => job = decisions;
}
