using RecSys.Core.Models;

namespace RecSys.Tests.Models;

public sealed class MemoryBudgetTests
{
    private const long Vectors = 10_000_000L * 128 * 4;

    private static BundleManifest Manifest(params (string Name, long Bytes)[] files) => TestBundles.Draft(10_000_000, 128) with
    {
        Files = files.ToDictionary(file => file.Name, file => new BundleFile(new string('0', 64), file.Bytes)),
    };

    [Fact]
    public void BytesOf_VectorsInAnIndex_CountOnce()
    {
        var manifest =
            Manifest((BundleFiles.ItemEmbeddings, Vectors), (BundleFiles.Index, Vectors + 80_000_000), (BundleFiles.ItemIds, 100_000_000),
            (BundleFiles.IdVectors, 2_600_000_000), (BundleFiles.Ranker, 1_000_000));

        // 5.46 GB of index, 0.08 of pointers, 0.22 of ids and numbers.
        Assert.InRange(MemoryBudget.BytesOf(manifest), 5_700_000_000, 5_800_000_000);
    }

    [Fact]
    public void BytesOf_VectorsThatAreScanned_CountAsTheyAre()
    {
        var manifest = Manifest((BundleFiles.ItemEmbeddings, Vectors), (BundleFiles.ItemIds, 100_000_000));

        Assert.InRange(MemoryBudget.BytesOf(manifest), 5_300_000_000, 5_400_000_000);
    }
}
