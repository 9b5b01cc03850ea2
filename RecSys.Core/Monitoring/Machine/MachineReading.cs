namespace RecSys.Core.Monitoring.Machine;

/// <summary>Counters that only grow, at one moment; figures come from the difference of two.</summary>
/// <param name="Timestamp">Of the clock's own counter.</param>
/// <param name="ProcessorTime">Of this process.</param>
/// <param name="Machine">Time that all processors worked and time altogether, kernel ticks; null where unknown.</param>
/// <param name="NetworkBytes">Null where unknown.</param>
/// <param name="DiskBytes">Null where unknown.</param>
/// <param name="GcPauses">Time that the collector stopped all threads.</param>
internal sealed record MachineReading(
    long Timestamp, TimeSpan ProcessorTime, (long Busy, long All)? Machine, long? NetworkBytes, long? DiskBytes, TimeSpan GcPauses)
{
    /// <summary>Reads them.</summary>
    public static MachineReading Take(string root, TimeProvider time) => new(
        time.GetTimestamp(), Environment.CpuUsage.TotalTime, ProcFiles.Processors(root), ProcFiles.Network(root), ProcFiles.Disk(root),
        GC.GetTotalPauseDuration());
}
