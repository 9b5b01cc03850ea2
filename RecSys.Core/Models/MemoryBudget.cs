using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Refuses a bundle that would not fit beside what the process holds, before the system kills the process for it.</summary>
internal static class MemoryBudget
{
    // Parsed forms (ids as strings, the forest's tables) are larger than the files; embeddings, the bulk, are as large.
    private const double Growth = 1.3;

    /// <summary>Bytes the process may still take, by the limits of its container or machine.</summary>
    public static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    /// <exception cref="RecSysException">There is not enough.</exception>
    public static void Require(BundleManifest manifest, long available)
    {
        var needed = (long)(manifest.Files.Values.Sum(file => (double)file.Bytes) * Growth);
        if (needed > available)
            throw new RecSysException($"The bundle {manifest.Version} needs about {needed >> 20} MiB of memory, {Math.Max(0, available) >> 20} MiB are free. Give the process more memory; until then the current model goes on serving.");
    }
}
