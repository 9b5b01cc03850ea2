using System.Numerics.Tensors;
using CsCheck;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;
using static RecSys.Tests.Models.ServingModels;

namespace RecSys.Tests.Models;

public sealed class ServingModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutItem_NewItem_IsFoundAtOnceBeyondTheCatalogueAtLoad()
    {
        using var model = await ServeAsync();
        var item = TestModels.Item(500);
        Assert.False(model.TryGet(12_345, out _));

        Assert.Equal(ItemPlacement.Embedded, model.PutItem(12_345, item));

        var expected = Embedding(item);
        Assert.True(model.TryGet(12_345, out var embedding));
        Assert.Equal(expected, embedding.ToArray());
        Assert.Equal(12_345, Search(model, expected, 5)[0].Item);
        Assert.Equal(1, Search(model, expected, 5)[0].Score, 1e-5);
        Assert.Equal(TestModels.Items + 1, Search(model, expected, 1000).Length);
        Assert.Equal(1, model.NewItems);
    }

    [Fact]
    public async Task Search_WithADepth_LooksAtSoManyNearestRowsOnceAndNoFurther()
    {
        using var model = await ServeAsync();
        for (var number = 100; number < 200; number++) model.PutItem(number, TestModels.Item(number));
        var (all, query, asked) = (Search(model, Query(3), 160), Query(3), new List<int>());
        bool Odd(int item)
        {
            asked.Add(item);
            return item % 2 == 1;
        }

        var (items, scores) = (new int[50], new float[50]);
        var found = model.Search(query, items, scores, Odd, depth: 20);

        // The 20 nearest of each index, each looked at once.
        int[] nearest =
        [
            .. all.Where(entry => entry.Item < 100).Take(20).Select(entry => entry.Item),
            .. all.Where(entry => entry.Item >= 100).Take(20).Select(entry => entry.Item),
        ];
        Assert.Equal(160, all.Length);
        Assert.Equal(nearest.Order(), asked.Order());
        Assert.Equal(all.Where(entry => nearest.Contains(entry.Item) && entry.Item % 2 == 1).Select(entry => entry.Item), items[..found]);
    }

    [Fact]
    public async Task PutItem_KnownItemChanged_KeepsWhatItsIdHasLearnt()
    {
        using var model = await ServeAsync();
        var changed = TestModels.Item(4) with { Title = "Something else entirely" };

        Assert.Equal(ItemPlacement.Embedded, model.PutItem(4, changed));

        var expected = Embedding(changed, row: 4);
        Assert.True(TensorPrimitives.Distance<float>(expected, Embedding(changed)) > 0.1);
        Assert.True(model.TryGet(4, out var embedding));
        AssertNear(expected, embedding);
        var found = Search(model, expected, TestModels.Items);
        Assert.Equal(TestModels.Items, found.Length);
        Assert.Equal((4, 1f), (found[0].Item, MathF.Round(found[0].Score, 4)));
        Assert.Single(found, entry => entry.Item == 4);
    }

    [Fact]
    public async Task PutItem_ContentAsTrained_TakesNoRoom()
    {
        // The bundle's embedding of row 4 is the one that its tower gives.
        using var model = await ServeAsync(contents =>
        {
            var embeddings = contents.Embeddings.ToArray();
            Embedding(TestModels.Item(4), row: 4).CopyTo(embeddings, 4 * TestModels.Dimension);
            return contents with { Embeddings = embeddings };
        });

        Assert.Equal(ItemPlacement.InBundle, model.PutItem(4, TestModels.Item(4) with { Available = false, ThumbnailUrl = "x" }));
        Assert.Equal(0, model.NewItems);
        Assert.Equal(ItemPlacement.Embedded, model.PutItem(4, TestModels.Item(4) with { Title = "Something else entirely" }));
        Assert.Equal(1, model.NewItems);
        Assert.Equal(ItemPlacement.InBundle, model.PutItem(4, TestModels.Item(4)));
        Assert.Equal(0, model.NewItems);
        Assert.Equal(TestModels.Items, Search(model, Query(1), 100).Length);
    }

    [Fact]
    public async Task RemoveItem_KnownOrNew_IsNeverFoundUntilItComesBack()
    {
        using var model = await ServeAsync();
        model.PutItem(90, TestModels.Item(90));

        model.RemoveItem(90);
        model.RemoveItem(7);
        model.RemoveItem(7);
        model.RemoveItem(4_000_000);

        var found = Search(model, Query(2), 200);
        Assert.Equal(Enumerable.Range(0, TestModels.Items).Except([7]), found.Select(entry => entry.Item).Order());
        Assert.False(model.TryGet(90, out _));
        // Whoever chose it still has that taste.
        Assert.True(model.TryGet(7, out _));

        model.PutItem(7, TestModels.Item(7));
        model.PutItem(90, TestModels.Item(90));
        Assert.Equal(Enumerable.Range(0, TestModels.Items).Append(90), Search(model, Query(2), 200).Select(entry => entry.Item).Order());
    }

    [Fact]
    public Task Search_AnyHistoryOverTheExactIndex_EqualsBruteForce() => SearchAnyHistoryAsync(exact: true);

    [FaissFact]
    public Task Search_AnyHistoryOverAnInvertedFile_EqualsBruteForce() => SearchAnyHistoryAsync(exact: false);

    private static async Task SearchAnyHistoryAsync(bool exact)
    {
        await Gen.Select(Gen.Int[0, 400], Gen.Int[1, 90], Gen.Int).SampleAsync(async (steps, k, seed) =>
        {
            BuiltIndex? built = null;
            using var model = await ServeAsync(contents => exact ? contents : contents with
            {
                Index = built =
                    VectorIndexBuilder.Build(contents.Embeddings, TestModels.Dimension,
                    new RetrievalOptions { Index = "IVF4,Flat", TargetRecall = 1 }),
            });
            built?.Index.Dispose();
            var random = new Random(seed);
            var vectors = Enumerable.Range(0, TestModels.Items).ToDictionary(row => row, row => model.Bundle.Embeddings[row].ToArray());
            for (var step = 0; step < steps; step++)
            {
                var number = random.Next(2 * TestModels.Items);
                if (random.Next(4) == 0)
                {
                    model.RemoveItem(number);
                    vectors.Remove(number);
                    continue;
                }
                var item = TestModels.Item(number) with { Title = $"title {random.Next(50)}" };
                Assert.Equal(ItemPlacement.Embedded, model.PutItem(number, item));
                vectors[number] = Embedding(item, number < TestModels.Items && number != TestModels.UnknownIdRow ? number : -1);
            }
            foreach (var allowed in (Func<int, bool>?[])[null, item => item % 3 != 0])
            {
                var query = Query(random.Next());
                var expected = vectors.Where(entry => allowed?.Invoke(entry.Key) != false)
                    .Select(entry => TensorPrimitives.Dot<float>(entry.Value, query)).OrderDescending().Take(k).ToArray();
                var found = Search(model, query, k, allowed);
                Assert.Equal(expected.Length, found.Length);
                for (var i = 0; i < found.Length; i++)
                {
                    Assert.Equal(expected[i], found[i].Score, 1e-4);
                    Assert.Equal(TensorPrimitives.Dot<float>(vectors[found[i].Item], query), found[i].Score, 1e-4);
                    Assert.True(allowed?.Invoke(found[i].Item) != false);
                }
                Assert.Equal(found.Length, found.Select(entry => entry.Item).Distinct().Count());
            }
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task Constructor_CatalogueAheadOfTheBundle_EmbedsWhatIsMissing()
    {
        using var model = await ServeAsync(catalog: Catalog(TestModels.Items + 5), maxNewItems: 3);

        // The newest of five, since there is room for three.
        Assert.Equal(3, model.NewItems);
        for (var number = TestModels.Items; number < TestModels.Items + 5; number++)
            Assert.Equal(number >= TestModels.Items + 2, model.TryGet(number, out _));
        Assert.Equal(ItemPlacement.Full, model.PutItem(70, TestModels.Item(70)));
        Assert.Equal(ItemPlacement.Full, model.PutItem(3, TestModels.Item(3) with { Title = "changed" }));
        Assert.Equal(model.Bundle.Embeddings[3].ToArray(), model.TryGet(3, out var kept) ? kept.ToArray() : []);
    }

    [Fact]
    public async Task PutItem_BundleKnowsItAndTheCatalogueDidNot_TakesTheBundlesRow()
    {
        using var model = await ServeAsync(catalog: Catalog(50));
        Assert.Equal(50, Search(model, Query(3), 100).Length);

        model.PutItem(777, TestModels.Item(55));

        Assert.Equal(51, Search(model, Query(3), 100).Length);
        Assert.True(model.TryGet(777, out var embedding));
        AssertNear(Embedding(TestModels.Item(55), row: 55), embedding);
    }

    [Fact]
    public async Task PutItem_NoItemTower_LeavesTheItemToOtherSources()
    {
        using var model = await ServeAsync(contents => contents with { ItemTower = null });

        Assert.Equal(ItemPlacement.NoTower, model.PutItem(90, TestModels.Item(90)));
        Assert.Equal(ItemPlacement.InBundle, model.PutItem(4, TestModels.Item(4) with { Title = "changed" }));
        model.RemoveItem(4);
        Assert.Equal(TestModels.Items - 1, Search(model, Query(1), 100).Length);
        model.PutItem(4, TestModels.Item(4));
        Assert.Equal(TestModels.Items, Search(model, Query(1), 100).Length);
    }

    [Fact]
    public async Task PutItem_TowerThatReadsTexts_WaitsForTheText()
    {
        using var model = await ServeAsync(contents => contents with { ItemTower = TestModels.ItemTower(1, textDimension: 3) });
        float[] text = [1, -1, 0.5f];

        Assert.Equal(ItemPlacement.AwaitsText, model.PutItem(90, TestModels.Item(90)));
        Assert.True(model.AwaitsText(90));
        var before = model.TryGet(90, out var first) ? first.ToArray() : [];
        Assert.Equal(ItemPlacement.Embedded, model.PutItem(90, TestModels.Item(90), text));
        Assert.False(model.AwaitsText(90));
        var after = model.TryGet(90, out var second) ? second.ToArray() : [];
        Assert.Equal((TestModels.Dimension, TestModels.Dimension), (before.Length, after.Length));
        Assert.NotEqual(before, after);

        // A known item keeps its embedding, text included, until the new text is encoded.
        Assert.Equal(ItemPlacement.AwaitsText, model.PutItem(4, TestModels.Item(4) with { Title = "changed" }));
        Assert.True(model.TryGet(4, out var kept));
        Assert.Equal(model.Bundle.Embeddings[4].ToArray(), kept.ToArray());
        model.RemoveItem(4);
        Assert.False(model.AwaitsText(4));
    }

    [Fact]
    public async Task EmbedUser_HistoryWithLiveItems_ReadsTheirEmbeddings()
    {
        using var model = await ServeAsync();
        model.PutItem(90, TestModels.Item(90));
        model.PutItem(4, TestModels.Item(4) with { Title = "changed" });
        int[] history = [3, 90, 5_000, 4, .. Enumerable.Range(20, 8), 90];
        float[] actual = new float[TestModels.Dimension], expected = new float[TestModels.Dimension];

        var count = model.EmbedUser(history, null, 1, 0, actual);

        // The same vectors as a matrix, without the unknown item; the tower reads the last ten of eleven.
        Assert.Equal(10, count);
        var rows = history.Where(item => item != 5_000).Select(item => model.TryGet(item, out var vector) ? vector.ToArray() : [])
            .ToArray();
        model.Bundle.UserTower.Embed([.. Enumerable.Range(0, rows.Length)], null, 1, 0, rows.SelectMany(row => row).ToArray(), expected);
        Assert.Equal(expected, actual);
        Assert.Equal(0, model.EmbedUser([5_000], null, 0, 0, actual));
        Assert.Equal(1, TensorPrimitives.Norm<float>(actual), 1e-5);
    }

    [Fact]
    public async Task SearchAndEmbedUser_AfterTheFirst_AllocateNothing()
    {
        using var model = await ServeAsync();
        for (var number = 0; number < 100; number++) model.PutItem(number, TestModels.Item(number) with { Title = "changed" });
        model.RemoveItem(5);
        int[] history = [3, 90, 5_000, 4];
        var (items, scores, query) = (new int[50], new float[50], new float[TestModels.Dimension]);

        Assert.Equal(0, Allocations.OfWarm(50, () =>
        {
            model.EmbedUser(history, null, 1, 0, query);
            model.Search(query, items, scores);
        }));
    }
}
