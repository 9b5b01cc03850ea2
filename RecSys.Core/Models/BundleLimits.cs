using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Models;

/// <summary>The largest sizes that files of a bundle can have, so that one of the wrong size is refused before anybody reads it.</summary>
internal static class BundleLimits
{
    private const long Mebi = 1 << 20;

    // 256 characters of at most 3 bytes in UTF-8 (a pair of surrogates has 4), and the line feed.
    private const long IdBytes = ItemIdList.MaxLength * 3 + 1;

    // Ids are read as a whole, and an array of bytes can be no longer.
    private const long MostIdBytes = 2_000_000_000;

    /// <summary>Exact where the manifest determines the size.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="manifest">Gives count and dimension.</param>
    /// <returns>Fewest and most bytes.</returns>
    public static (long Low, long High) Of(string name, BundleManifest manifest)
    {
        var items = (long)manifest.ItemCount;
        var vectors = items * manifest.Dimension * sizeof(float);
        return name switch
        {
            BundleFiles.ItemEmbeddings => (vectors, vectors),
            BundleFiles.ItemIds => (items, Math.Min(MostIdBytes, IdBytes * items)),
            BundleFiles.IdVectors =>
                (IdVectors.BytesFor(manifest.ItemCount, manifest.Dimension), IdVectors.BytesFor(manifest.ItemCount, manifest.Dimension)),
            // A graph has at most some hundred neighbours per vector; centroids are far fewer than vectors.
            BundleFiles.Index => (1, 2 * vectors + 4096 * items + 256 * Mebi),
            BundleFiles.Transitions or BundleFiles.Neighbours => (0, items * 4096 + Mebi),
            BundleFiles.Golden => (0, GoldenCheck.MaxBytes),
            BundleFiles.Calibration or BundleFiles.Importance => (0, 16 * Mebi),
            BundleFiles.FeatureReference => (0, 64 * Mebi),
            _ => (0, 1024 * Mebi),
        };
    }
}
