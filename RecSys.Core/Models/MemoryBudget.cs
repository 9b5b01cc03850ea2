using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Refuses a bundle that would not fit beside what the process holds, before the system kills the process for it.</summary>
internal static class MemoryBudget
{
    // Parsed forms, such as the forest's tables, are larger than the files.
    private const double Growth = 1.3;

    // Where the lists of an index are cut out of the heap, a little is lost.
    private const double IndexGrowth = 1.05;

    /// <summary>Bytes the process may still take, by the limits of its container or machine.</summary>
    public static long Available() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    /// <summary>What a bundle takes when it is loaded, about.</summary>
    /// <remarks>
    /// Vectors are held once: in the index where there is one, with a pointer for each, else in an array. What is mapped (embeddings beside
    /// an index of another kind, what was learnt of ids) belongs to the system's cache and does not count.
    /// </remarks>
    public static long BytesOf(BundleManifest manifest)
    {
        var items = (double)manifest.ItemCount;
        var indexed = manifest.Files.ContainsKey(BundleFiles.Index);
        return (long)manifest.Files.Sum(file => file.Key switch
        {
            BundleFiles.ItemEmbeddings => indexed ? items * sizeof(long) : file.Value.Bytes,
            BundleFiles.Index => file.Value.Bytes * IndexGrowth,
            // Where each id begins, its item's number, and the row of that number.
            BundleFiles.ItemIds => file.Value.Bytes + items * 3 * sizeof(int),
            BundleFiles.IdVectors => 0,
            _ => file.Value.Bytes * Growth,
        });
    }

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
