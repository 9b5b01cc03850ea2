namespace RecSys.Core.Monitoring.Machine;

/// <summary>How process and machine are. Rates and shares are of the last minute; what the system does not tell is null.</summary>
/// <param name="At">Now.</param>
/// <param name="Span">What rates are of: a minute, less just after the start.</param>
/// <param name="Processors">Processors that the process may use, by its control groups too.</param>
/// <param name="ProcessorShare">Of these, what the process used, 0 to 1.</param>
/// <param name="MachineProcessorShare">Of the machine's processors, what all used, 0 to 1.</param>
/// <param name="Memory">Memory.</param>
/// <param name="Network">All interfaces but the loopback, both directions, of the network namespace of the process.</param>
/// <param name="Disk">What the process read from disks and wrote to them.</param>
/// <param name="DataFolderFreeBytes">What is left on the volume of the data folder.</param>
/// <param name="DataFolderBytes">The size of that volume.</param>
/// <param name="GcPauseShare">Share of the time in which the collector stopped all threads.</param>
/// <param name="ThreadPoolQueue">Work that waits for a thread.</param>
/// <param name="ThreadPoolThreads">Threads of the pool.</param>
public sealed record MachineHealth(
    DateTimeOffset At, TimeSpan Span, double Processors, double ProcessorShare, double? MachineProcessorShare, MemoryUse Memory,
    Throughput Network, Throughput Disk, long? DataFolderFreeBytes, long? DataFolderBytes, double GcPauseShare, long ThreadPoolQueue,
    int ThreadPoolThreads);
