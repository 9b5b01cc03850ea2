using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Refuses an index that would not fit, before the system kills the process for it.</summary>
internal static class IndexMemory
{
    /// <summary>Bytes the process may still take, by the limits of its container or machine.</summary>
    public static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    /// <param name="needed">Bytes.</param>
    /// <param name="available">Bytes.</param>
    /// <param name="what">What needs them.</param>
    /// <param name="rows">Its vectors, for a kind of index that would fit.</param>
    /// <exception cref="RecSysException">There is not enough.</exception>
    public static void Require(long needed, long available, string what, IVectorRows rows)
    {
        if (needed <= available) return;
        var small = new IndexKind($"IVF{IndexKind.AutoLists(rows.Count)},SQ8");
        throw new RecSysException($"{what} needs about {needed >> 20} MiB of memory, {Math.Max(0, available) >> 20} MiB are free. "
            + (small.EstimateBytes(rows.Count, rows.Dimension) <= available
                ? $"Set Retrieval:Index to a smaller kind such as {small.Description}, or give the process more."
                : "Give the process more."));
    }
}
