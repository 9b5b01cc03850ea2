using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Monitoring.Machine;

/// <summary>What the runtime's own meters do not tell of process and machine.</summary>
public sealed class MachineMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Machine";

    private MachineWatch? watch;

    public MachineMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        meter.CreateKnownGauge("recsys_data_folder_free", () => watch?.Volume().Free, "What is left on the disk of the data folder", "By")
            .Noted("below 10 % of the disk, or a day of events and served records: make room, or posts are refused");
        meter.CreateKnownGauge("recsys_memory_limit", () => watch?.MemoryLimit,
                "What the process may take, by its control groups or the machine", "By")
            .Noted("what recsys_alert_value of the rule memory is a share of; process_memory_usage_bytes has mapped files, too");
        meter.CreateKnownGauge("recsys_processors", () => watch?.Processors,
                "Processors that the process may use, by its control groups too")
            .Noted("beside the rate of process_cpu_time_seconds_total: above 70 % of them add a server");
    }

    internal void Observe(MachineWatch machine) => watch = machine;
}
