namespace RecSys.Core.Monitoring.Machine;

/// <summary>Bytes per second beside what there is room for.</summary>
/// <param name="BytesPerSecond">Null where the system does not tell.</param>
/// <param name="Capacity">As configured; null where it is not.</param>
public sealed record Throughput(double? BytesPerSecond, long? Capacity)
{
    /// <summary>Share of the capacity that is used, 0 to 1 and more where the capacity was set too low.</summary>
    public double? Share => Capacity is { } capacity ? BytesPerSecond / capacity : null;
}
