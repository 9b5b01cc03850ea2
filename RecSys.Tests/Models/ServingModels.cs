using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

/// <summary>Published bundles of <see cref="TestModels"/> as they are served.</summary>
internal static class ServingModels
{
    public static readonly ItemTower Tower = TestModels.ItemTower(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<ServingModel> ServeAsync(Func<BundleContents, BundleContents>? change = null, ItemCatalog? catalog = null,
        int maxNewItems = 1000)
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", change?.Invoke(contents) ?? contents, Ct);
        var bundle =
            await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, new RetrievalOptions { NewItemsUpTo = maxNewItems }, Ct);
        return new ServingModel(bundle, catalog ?? Catalog(TestModels.Items));
    }

    public static ItemCatalog Catalog(int count) => ItemCatalog.Create(Enumerable.Range(0, count).Select(TestModels.Item));

    public static (int Item, float Score)[] Search(ServingModel model, float[] query, int k, Func<int, bool>? allowed = null)
    {
        var (items, scores) = (new int[k], new float[k]);
        var found = model.Search(query, items, scores, allowed);
        return [.. items.Zip(scores).Take(found)];
    }

    public static float[] Query(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, TestModels.Dimension).Select(_ => random.NextSingle() - 0.5f)];
    }

    // Ids are stored in 16 bits.
    public static void AssertNear(float[] expected, ReadOnlySpan<float> actual) =>
        Assert.True(TensorPrimitives.Distance(expected, actual) < 1e-4);

    public static float[] Embedding(Item item, int row = -1)
    {
        var output = new float[TestModels.Dimension];
        Tower.Embed(item, row >= 0 ? TestModels.IdVector(row) : [], [], output);
        return output;
    }
}
