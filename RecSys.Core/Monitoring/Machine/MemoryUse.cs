namespace RecSys.Core.Monitoring.Machine;

/// <summary>Memory of the process, bytes; null where the system does not tell.</summary>
/// <param name="Limit">What the process may take, by its control groups or the machine.</param>
/// <param name="Resident">What it takes of it.</param>
/// <param name="Managed">Of it the collector's heap, with what is kept for growth.</param>
/// <param name="Native">Of it other memory of its own: native libraries, stacks, code.</param>
/// <param name="Mapped">Of it mapped files, which the system can take back.</param>
public sealed record MemoryUse(long? Limit, long Resident, long Managed, long? Native, long? Mapped)
{
    /// <summary>
    /// What counts against the limit: without mapped files, which the system takes back before it ends the process. Bytes.
    /// </summary>
    public long Used => Math.Max(0, Resident - (Mapped ?? 0));

    /// <summary><see cref="Used"/> of the limit, 0 to 1: what the alert rule <c>memory</c> reads.</summary>
    public double? UsedShare => Limit > 0 ? (double)Used / Limit : null;

    internal static MemoryUse Take(string root, long limit)
    {
        var status = Path.Combine(root, "proc/self/status");
        var managed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        var own = ProcFiles.Kilobytes(status, "RssAnon") << 10;
        var mapped = (ProcFiles.Kilobytes(status, "RssFile") + ProcFiles.Kilobytes(status, "RssShmem")) << 10;
        // Committed memory that was never touched is not resident.
        var native = own is { } bytes ? Math.Max(0, bytes - managed) : (long?)null;
        return new MemoryUse(limit > 0 ? limit : null, Environment.WorkingSet, managed, native, mapped);
    }
}
