using System.Numerics.Tensors;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Retrieval;
using static RecSys.Tests.Models.ServingModels;

namespace RecSys.Tests.Models;

/// <summary>What a filter lets pass is searched as a brute force search does it, whichever way is chosen.</summary>
public sealed class SearchAmongTests
{
    private const int Numbers = 150;

    [Fact]
    public Task SearchAmong_AnyHistoryOverTheExactIndex_EqualsBruteForce() => SearchAnyHistoryAsync(exact: true);

    [FaissFact]
    public Task SearchAmong_AnyHistoryOverAnInvertedFile_EqualsBruteForce() => SearchAnyHistoryAsync(exact: false);

    [Theory]
    [InlineData(1_000, 500, true)]
    [InlineData(10_000, 500, true)]
    [InlineData(100_000, 500, false)]
    [InlineData(900_000, 500, false)]
    public void Choose_AMillionItemsInCells_LooksAtEachWhereFewPass(int passing, int wanted, bool each)
    {
        var plan = SearchAmongPlan.Choose(1_000_000, 4000, 40, passing, wanted);

        Assert.Equal(each, plan.Cells == 0);
        // At least what a search without a filter looks into, and enough for what is wanted.
        if (!each) Assert.InRange(plan.Cells, Math.Max(40, 2 * wanted * 4000 / passing), 4000);
    }

    [Fact]
    public void Choose_NoCells_LooksAtEach() => Assert.Equal(0, SearchAmongPlan.Choose(1_000_000, 0, 0, 900_000, 500).Cells);

    private static async Task SearchAnyHistoryAsync(bool exact)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            BuiltIndex? built = null;
            using var model = await ServeAsync(contents => exact ? contents : contents with
            {
                Index = built = VectorIndexBuilder.Build(contents.Embeddings, TestModels.Dimension,
                    new RetrievalOptions { Index = "IVF4,Flat", TargetRecall = 1 }),
            });
            built?.Index.Dispose();
            var random = new Random(seed);
            for (var step = 0; step < random.Next(200); step++)
            {
                var number = random.Next(Numbers);
                if (random.Next(4) == 0) model.RemoveItem(number);
                else model.PutItem(number, TestModels.Item(number) with { Title = $"title {random.Next(50)}" });
            }
            // Removed items are found by no search, whatever the bits say.
            var live = Search(model, Query(seed), 1000).Select(entry => entry.Item).ToHashSet();
            var (bits, share) = (new ulong[(Numbers + 63) / 64], random.NextDouble());
            for (var item = 0; item < Numbers; item++)
            {
                if (random.NextDouble() < share) bits[item >> 6] |= 1UL << (item & 63);
            }
            var (query, k) = (Query(random.Next()), random.Next(1, 60));
            var expected = live.Where(item => (bits[item >> 6] >> (item & 63) & 1) != 0)
                .Select(item => (Item: item, Score: model.TryGet(item, out var embedding) ? TensorPrimitives.Dot(query, embedding) : 0))
                .OrderByDescending(entry => entry.Score).Take(k).ToArray();
            var passing = bits.Sum(word => (int)ulong.PopCount(word));

            AssertFound(expected, (items, scores) => model.SearchAmong(query, bits, passing, items, scores), k);
            AssertFound(expected, (items, scores) => model.SearchEach(query, bits, items, scores), k);
            if (!exact) AssertFound(expected, (items, scores) => model.SearchCells(query, bits, 4, items, scores), k);
        }
    }

    private static void AssertFound((int Item, float Score)[] expected, Func<int[], float[], int> search, int k)
    {
        var (items, scores) = (new int[k], new float[k]);
        var found = search(items, scores);

        Assert.Equal(expected.Length, found);
        Assert.Equal(expected.Select(entry => entry.Item), items[..found]);
        for (var i = 0; i < found; i++) Assert.Equal(expected[i].Score, scores[i], 1e-5);
    }
}
