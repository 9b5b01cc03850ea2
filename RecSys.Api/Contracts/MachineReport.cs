using RecSys.Core.Monitoring.Machine;

namespace RecSys.Api.Contracts;

/// <summary>
/// Reply of <c>GET /monitoring/health</c>. Rates and shares are of the last minute; what the system does not tell is null.
/// </summary>
/// <param name="At">Now.</param>
/// <param name="Seconds">What rates are of; less than a minute just after the start.</param>
/// <param name="Processors">Processors that the process may use, by its control groups too.</param>
/// <param name="ProcessCpuShare">Of these, what the process used, 0 to 1.</param>
/// <param name="MachineCpuShare">Of the machine's processors, what all used, 0 to 1.</param>
/// <param name="Memory">Of the process.</param>
/// <param name="Network">All interfaces but the loopback, both directions.</param>
/// <param name="Disk">What the process read from disks and wrote to them.</param>
/// <param name="DataFolder">The volume of the data folder.</param>
/// <param name="GcPauseShare">Share of the time in which the collector stopped all threads.</param>
/// <param name="ThreadPool">Threads for requests.</param>
public sealed record MachineReport(
    DateTimeOffset At, double Seconds, double Processors, double ProcessCpuShare, double? MachineCpuShare, MemoryReport Memory,
    ThroughputReport Network, ThroughputReport Disk, VolumeReport DataFolder, double GcPauseShare, ThreadPoolReport ThreadPool)
{
    internal static MachineReport Of(MachineHealth health) => new(
        health.At, Math.Round(health.Span.TotalSeconds, 1), health.Processors, Share(health.ProcessorShare),
        Share(health.MachineProcessorShare),
        new MemoryReport(health.Memory.Limit, health.Memory.Resident, health.Memory.Managed, health.Memory.Native, health.Memory.Mapped,
            health.Memory.Used, Share(health.Memory.UsedShare)),
        Of(health.Network), Of(health.Disk), new VolumeReport(health.DataFolderFreeBytes, health.DataFolderBytes),
        Share(health.GcPauseShare), new ThreadPoolReport(health.ThreadPoolQueue, health.ThreadPoolThreads));

    private static ThroughputReport Of(Throughput throughput) => new(
        throughput.BytesPerSecond is { } rate ? Math.Round(rate) : null, throughput.Capacity, Share(throughput.Share));

    private static double Share(double value) => Math.Round(value, 4);

    private static double? Share(double? value) => value is { } known ? Share(known) : null;
}

/// <summary>Bytes per second beside what there is room for.</summary>
/// <param name="BytesPerSecond">What is used.</param>
/// <param name="CapacityBytesPerSecond">As configured in <c>Monitoring</c>.</param>
/// <param name="UsedShare">One by the other.</param>
public sealed record ThroughputReport(double? BytesPerSecond, long? CapacityBytesPerSecond, double? UsedShare);

/// <summary>A volume.</summary>
/// <param name="FreeBytes">What is left.</param>
/// <param name="Bytes">Its size.</param>
public sealed record VolumeReport(long? FreeBytes, long? Bytes);

/// <summary>Threads for requests.</summary>
/// <param name="Queue">Work that waits for a thread; more than a few for long: too little processor, or something that blocks.</param>
/// <param name="Threads">Threads there are.</param>
public sealed record ThreadPoolReport(long Queue, int Threads);
