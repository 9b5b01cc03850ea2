using System.Globalization;
using RecSys.Core.Monitoring.Machine;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>What the machine tells.</summary>
internal sealed class MachineSources(MachineWatch machine)
{
    // A rate over less than this says little.
    private static readonly TimeSpan LeastSpan = TimeSpan.FromSeconds(5);

    /// <summary>Share of its processors that the process used in the last minute.</summary>
    public AlertReading? Processor() =>
        machine.Read() is var health && health.Span >= LeastSpan ? new AlertReading(health.ProcessorShare) : null;

    /// <summary>Share of its limit that the process takes, without mapped files, which the system can take back.</summary>
    public AlertReading? Memory() => machine.Read().Memory.UsedShare is { } share ? new AlertReading(share) : null;

    /// <summary>Share of the volume of the data folder that is free.</summary>
    public AlertReading? Disk() => machine.Volume() is ({ } free, > 0 and { } size)
        ? new AlertReading((double)free / size, string.Create(CultureInfo.InvariantCulture, $"{free >> 20:#,0} MiB left")) : null;
}
