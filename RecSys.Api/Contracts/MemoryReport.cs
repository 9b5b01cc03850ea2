namespace RecSys.Api.Contracts;

/// <summary>Memory of the process.</summary>
/// <param name="LimitBytes">What it may take, by its control groups or the machine.</param>
/// <param name="ResidentBytes">What it takes of it.</param>
/// <param name="ManagedBytes">The collector's heap, with what is kept for growth.</param>
/// <param name="NativeBytes">Other memory of its own.</param>
/// <param name="MappedBytes">Mapped files, which the system can take back.</param>
/// <param name="UsedBytes">Resident without mapped files.</param>
/// <param name="UsedShare">Used by limit: what the alert rule <c>memory</c> reads.</param>
public sealed record MemoryReport(
    long? LimitBytes, long ResidentBytes, long ManagedBytes, long? NativeBytes, long? MappedBytes, long UsedBytes,
    double? UsedShare);
