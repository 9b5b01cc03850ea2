using CsCheck;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval;

public sealed class DeltaIndexTests
{
    private const int Dimension = 8;

    // Whole numbers make every summation order exact.
    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.Next(-1000, 1001))];

    private static (int Item, float Score)[] Search(DeltaIndex index, float[] query, int k, Func<int, bool>? allowed = null)
    {
        var (items, scores) = (new int[k], new float[k]);
        var found = index.Search(query, items, scores, allowed);
        return [.. items.Zip(scores).Take(found)];
    }

    // By a dictionary and a full sort.
    private static (int Item,
        float Score)[] Oracle(Dictionary<int, float[]> vectors, float[] query, int k, Func<int, bool>? allowed = null) =>
    [
        .. vectors.Where(entry => allowed?.Invoke(entry.Key) != false)
            .Select(entry => (entry.Key, entry.Value.Zip(query, (a, b) => a * b).Sum())).OrderByDescending(found => found.Item2).Take(k),
    ];

    private static void AssertSame((int Item, float Score)[] expected, (int Item, float Score)[] actual)
    {
        Assert.Equal(expected.Select(found => found.Score), actual.Select(found => found.Score));
        Assert.Equal(actual.Length, actual.Select(found => found.Item).Distinct().Count());
        // The order of equal scores is open, and so is which of them is the last.
        foreach (var (item, score) in actual) Assert.True(expected[^1].Score == score || expected.Contains((item, score)));
    }

    [Fact]
    public void Search_AnyHistory_EqualsBruteForce() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 300], Gen.Int[1, 60], Gen.Int).Sample((steps, numbers, k, seed) =>
        {
            var random = new Random(seed);
            var index = new DeltaIndex(Dimension, 4000);
            var (vectors, removed) = (new Dictionary<int, float[]>(), new HashSet<int>());
            for (var step = 0; step < steps; step++)
            {
                var item = random.Next(numbers) * 97;
                switch (random.Next(10))
                {
                    case 0:
                        index.Remove(item);
                        vectors.Remove(item);
                        removed.Add(item);
                        break;
                    case 1:
                        index.Restore(item);
                        vectors.Remove(item);
                        removed.Remove(item);
                        break;
                    default:
                        Assert.True(index.Put(item, vectors[item] = Vector(random)));
                        removed.Remove(item);
                        break;
                }
            }
            var query = Vector(random);
            AssertSame(Oracle(vectors, query, k), Search(index, query, k));
            AssertSame(Oracle(vectors, query, k, item => item % 2 == 0), Search(index, query, k, item => item % 2 == 0));
            Assert.Equal(vectors.Count, index.Count);
            for (var item = 0; item < numbers * 97; item += 97)
            {
                Assert.Equal(vectors.ContainsKey(item), index.TryGet(item, out var vector));
                if (vectors.TryGetValue(item, out var expected)) Assert.Equal(expected, vector.ToArray());
                Assert.Equal(removed.Contains(item), index.IsRemoved(item));
            }
        }, iter: 60);

    [Fact]
    public void Search_MoreThanOneSegment_FindsInAll()
    {
        var random = new Random(3);
        var index = new DeltaIndex(Dimension, 130_000);
        var vectors = new Dictionary<int, float[]>();
        for (var item = 0; item < 120_000; item++) index.Put(item, vectors[item] = Vector(random));
        // Every other item of the first segment changes, and every tenth of all goes.
        for (var item = 0; item < 20_000; item += 2) index.Put(item, vectors[item] = Vector(random));
        for (var item = 0; item < 120_000; item += 10)
        {
            index.Remove(item);
            vectors.Remove(item);
        }

        foreach (var k in (int[])[1, 500, 5000])
        {
            var query = Vector(random);
            AssertSame(Oracle(vectors, query, k), Search(index, query, k));
        }
    }

    [Fact]
    public void Put_Full_TakesNothingInUntilThereIsRoom()
    {
        var random = new Random(4);
        var index = new DeltaIndex(Dimension, 100);
        var vectors = new Dictionary<int, float[]>();
        for (var item = 0; item < 100; item++) Assert.True(index.Put(item, vectors[item] = Vector(random)));

        Assert.False(index.Put(100, Vector(random)));
        Assert.False(index.Put(5, Vector(random)));
        Assert.False(index.TryGet(100, out _));
        AssertSame(Oracle(vectors, vectors[7], 100), Search(index, vectors[7], 200));

        for (var item = 0; item < 20; item++)
        {
            index.Remove(item);
            vectors.Remove(item);
        }
        Assert.True(index.Put(100, vectors[100] = Vector(random)));
        Assert.True(index.IsRemoved(3));
        AssertSame(Oracle(vectors, vectors[70], 100), Search(index, vectors[70], 200));
    }

    [Fact]
    public void Put_TheSameItemsAgainAndAgain_StaysSmall()
    {
        var random = new Random(5);
        var index = new DeltaIndex(Dimension, 25_000);
        var vectors = new Dictionary<int, float[]>();
        for (var round = 0; round < 100; round++)
        {
            for (var item = 0; item < 2000; item++) Assert.True(index.Put(item, vectors[item] = Vector(random)));
        }

        Assert.Equal(2000, index.Count);
        AssertSame(Oracle(vectors, vectors[9], 50), Search(index, vectors[9], 50));
    }

    [Fact]
    public async Task Search_WhileItemsChange_NeverMissesRepeatsOrBringsBack()
    {
        const int stable = 300, moving = 50, rounds = 1500;
        var index = new DeltaIndex(Dimension, 60_000);
        var random = new Random(6);
        // Every vector of an item begins with its number, so that what is found can be told from what another item left behind. The last
        // one counts versions.
        float[] Of(int item, int version) => [item, 1, .. Enumerable.Range(0, Dimension - 3).Select(_ => 0f), version];
        for (var item = 0; item < stable + moving; item++) index.Put(item, Of(item, 0));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var searches = 0;
            var newest = new float[stable + moving];
            float[] query = [0, 0, 0, 0, 0, 0, 0, 1];
            while (!done.IsCancellationRequested || searches < 10)
            {
                var found = Search(index, query, stable + moving);
                Assert.Equal(Enumerable.Range(0, stable + moving), found.Select(entry => entry.Item).Order());
                foreach (var (item, version) in found)
                {
                    Assert.True(version >= newest[item], $"item {item} went back from version {newest[item]} to {version}");
                    newest[item] = version;
                    Assert.True(index.TryGet(item, out var vector));
                    Assert.Equal(item, vector[0]);
                    Assert.True(vector[^1] >= version);
                }
                searches++;
            }
            return searches;
        });

        for (var version = 1; version <= rounds; version++)
        {
            for (var item = stable; item < stable + moving; item++) index.Put(item, Of(item, version));
        }
        await done.CancelAsync();

        Assert.True(await reader >= 10);
        Assert.All(Search(index, [0, 0, 0, 0, 0, 0, 0, 1], moving), entry => Assert.Equal((float)rounds, entry.Score));
    }

    [Fact]
    public void Search_AfterTheFirst_AllocatesNothing()
    {
        var random = new Random(7);
        var index = new DeltaIndex(Dimension, 5000);
        for (var item = 0; item < 3000; item++) index.Put(item, Vector(random));
        var (query, items, scores) = (Vector(random), new int[100], new float[100]);

        Assert.Equal(0, Allocations.OfWarm(50, () => index.Search(query, items, scores)));
    }

    [Fact]
    public void Put_WrongLengthOrNumber_IsRefused()
    {
        var index = new DeltaIndex(Dimension, 10);

        Assert.Throws<ArgumentException>(() => index.Put(0, new float[Dimension - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Put(-1, new float[Dimension]));
        Assert.False(new DeltaIndex(Dimension, 0).Put(0, new float[Dimension]));
    }
}
