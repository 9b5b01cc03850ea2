using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Refuses an index that would not fit, before the system kills the process for it.</summary>
internal static class IndexMemory
{
    /// <summary>Bytes the process may still take, by the limits of its container or machine.</summary>
    public static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    /// <exception cref="RecSysException">There is not enough.</exception>
    public static void Require(long needed, long available, string what)
    {
        if (needed > available)
            throw new RecSysException($"{what} needs about {needed >> 20} MiB of memory, {Math.Max(0, available) >> 20} MiB are free. "
                + "Give the process more, or set Retrieval:Index to a smaller kind such as IVF4096,SQ8.");
    }
}
