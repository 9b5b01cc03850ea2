using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Refuses a bundle that would not fit beside what the process holds, before the system kills the process for it.</summary>
internal static class MemoryBudget
{
    // Parsed forms (ids as strings, the forest's tables) are larger than the files; embeddings, the bulk, are as large.
    private const double Growth = 1.3;

    /// <summary>Bytes the process may still take, by the limits of its container or machine.</summary>
    public static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    /// <summary>What a bundle takes when it is loaded, about.</summary>
    public static long BytesOf(BundleManifest manifest) => (long)(manifest.Files.Values.Sum(file => (double)file.Bytes) * Growth);

    /// <exception cref="RecSysException">There is not enough.</exception>
    public static void Require(BundleManifest manifest, long available)
    {
        if (BytesOf(manifest) > available) throw new RecSysException(Shortage(manifest, available));
    }

    /// <summary>The refusal in words.</summary>
    public static string Shortage(BundleManifest manifest, long available) =>
        $"The bundle {manifest.Version} needs about {BytesOf(manifest) >> 20} MiB of memory, {Math.Max(0, available) >> 20} MiB are free. "
        + "Give the process more memory, or raise ModelPool:MaxBytes where it is set; until then the current model goes on serving.";
}
