using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Machine;

/// <summary>Reads the counters of process and machine every 5 s and tells the figures of the last minute.</summary>
/// <param name="options">Capacities.</param>
/// <param name="dataFolder">Whose volume is watched.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of failures.</param>
/// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
public sealed class MachineWatch(
    IOptions<MonitoringOptions> options, string dataFolder, TimeProvider time, ILogger<MachineWatch> logger, string root = "/")
    : BackgroundService
{
    /// <summary>Time between two readings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int KeptReadings = 13;

    private readonly Lock gate = new();
    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));
    private readonly ResourceLimits limits = ResourceLimits.Read(root, Environment.ProcessorCount);
    private readonly Queue<MachineReading> readings = new([MachineReading.Take(root, time)]);

    /// <summary>Processors that the process may use.</summary>
    public double Processors => limits.Processors;

    /// <summary>Bytes that the process may take; null where unknown.</summary>
    public long? MemoryLimit => limits.MemoryBytes > 0 ? limits.MemoryBytes : null;

    /// <summary>Takes a reading.</summary>
    public void Look()
    {
        var reading = MachineReading.Take(root, time);
        lock (gate)
        {
            if (readings.Count == KeptReadings) readings.Dequeue();
            readings.Enqueue(reading);
        }
    }

    /// <summary>The figures now, with rates since the oldest reading kept.</summary>
    public MachineHealth Read()
    {
        MachineReading first;
        lock (gate) first = readings.Peek();
        var now = MachineReading.Take(root, time);
        var span = time.GetElapsedTime(first.Timestamp, now.Timestamp);
        var seconds = Math.Max(span.TotalSeconds, 1e-9);
        var (free, size) = Volume();
        return new MachineHealth(
            time.GetUtcNow(), span, limits.Processors, (now.ProcessorTime - first.ProcessorTime).TotalSeconds / seconds / limits.Processors,
            first.Machine is { } old && now.Machine is { } present && present.All > old.All
                ? (double)(present.Busy - old.Busy) / (present.All - old.All) : null,
            MemoryUse.Take(root, limits.MemoryBytes),
            new Throughput((now.NetworkBytes - first.NetworkBytes) / seconds, options.Value.NetworkBytesPerSecond),
            new Throughput((now.DiskBytes - first.DiskBytes) / seconds, options.Value.DiskBytesPerSecond),
            free, size, (now.GcPauses - first.GcPauses).TotalSeconds / seconds, ThreadPool.PendingWorkItemCount, ThreadPool.ThreadCount);
    }

    /// <summary>Bytes that are left on the volume of the data folder, and its size; null when it cannot be asked.</summary>
    public (long? Free, long? Size) Volume()
    {
        try
        {
            var volume = new DriveInfo(Path.GetFullPath(dataFolder));
            return (volume.AvailableFreeSpace, volume.TotalSize);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(fault, out var times)) logger.MachineNotRead(times, fault.Message);
            return (null, null);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("reading of the machine", Interval, time, logger).RunAsync(Look, stoppingToken);
}
