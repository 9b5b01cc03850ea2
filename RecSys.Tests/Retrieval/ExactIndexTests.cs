using CsCheck;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval;

public sealed class ExactIndexTests
{
    private static float[] Vectors(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];

    // Whole numbers make every summation order exact, and force many ties.
    private static float[] WholeNumbers(int count, Random random, int range) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-range, range + 1))];

    private static (long Id, float Score)[] Naive(float[] rows, float[] query, int k) =>
    [
        .. Enumerable.Range(0, rows.Length / query.Length)
            .Select(row => ((long)row, query.Select((q, i) => q * rows[row * query.Length + i]).Sum()))
            .OrderByDescending(found => found.Item2).ThenBy(found => found.Item1).Take(k),
    ];

    private static (long Id, float Score)[] Search(ExactIndex index, float[] query, int k)
    {
        var (ids, scores) = (new long[k], new float[k]);
        var found = index.Search(query, ids, scores);
        return [.. ids.Zip(scores).Take(found)];
    }

    [Fact]
    public void Search_AnySizesWithManyTies_EqualsNaiveOrder()
    {
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 3000], Gen.Int[1, 700], Gen.Int[0, 3], Gen.Int).Sample((dimension, count, k, range, seed) =>
        {
            var random = new Random(seed);
            var rows = WholeNumbers(count * dimension, random, range);
            var query = WholeNumbers(dimension, random, range);
            using var index = new ExactIndex(rows, dimension);
            Assert.Equal(Naive(rows, query, k), Search(index, query, k));
        }, iter: 100);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(100)]
    public void Search_RandomVectors_FindsTheNaiveScores(int dimension)
    {
        var random = new Random(5);
        var rows = Vectors(5000 * dimension, random);
        var query = Vectors(dimension, random);
        using var index = new ExactIndex(rows, dimension);

        var found = Search(index, query, 500);

        var expected = Naive(rows, query, 500);
        Assert.Equal(500, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i].Score, found[i].Score, 1e-4);
        Assert.Equal(500, found.Select(f => f.Id).Distinct().Count());
    }

    [Fact]
    public void Search_ZeroQuery_ReturnsLowestIds()
    {
        using var index = new ExactIndex(Vectors(1000 * 32, new Random(1)), 32);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Search(index, new float[32], 10).Select(f => f.Id));
    }

    [Fact]
    public void Search_MoreThanThereAre_ReturnsAllAndLeavesTheRest()
    {
        using var index = new ExactIndex(new float[] { 1, 2, 3 }, 1);
        var (ids, scores) = (new long[] { -7, -7, -7, -7 }, new float[4]);

        var found = index.Search([2], ids, scores);

        Assert.Equal(3, found);
        Assert.Equal([2, 1, 0, -7], ids);
        Assert.Equal([6, 4, 2, 0], scores);
    }

    [Fact]
    public void Search_RowsThatAreNotNumbers_AreNeverFound()
    {
        var rows = new float[300];
        for (var i = 0; i < rows.Length; i += 3) rows[i] = float.NaN;
        using var index = new ExactIndex(rows, 1);

        var found = Search(index, [1], 300);

        Assert.Equal(200, found.Length);
        Assert.DoesNotContain(found, f => f.Id % 3 == 0);
    }

    [Fact]
    public void Search_NegativeZero_TiesWithZero()
    {
        using var index = new ExactIndex(new float[] { -0f, 0f, -0f }, 1);

        Assert.Equal([0L, 1, 2], Search(index, [1], 3).Select(f => f.Id));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Search_QueryNotFinite_IsRefused(float value)
    {
        using var index = new ExactIndex(new float[16], 8);

        Assert.Throws<ArgumentException>(() => Search(index, [0, 0, 0, value, 0, 0, 0, 0], 1));
    }

    [Fact]
    public void Search_WrongDimensionOrSpans_IsRefused()
    {
        using var index = new ExactIndex(new float[16], 8);

        Assert.Throws<ArgumentException>(() => Search(index, new float[7], 1));
        Assert.Throws<ArgumentException>(() => index.Search(new float[8], new long[2], new float[1]));
        Assert.Throws<ArgumentException>(() => new ExactIndex(new float[15], 8));
    }

    [Fact]
    public void Search_AfterTheFirst_AllocatesNothing()
    {
        using var index = new ExactIndex(Vectors(2000 * 64, new Random(2)), 64);
        var (query, ids, scores) = (Vectors(64, new Random(3)), new long[100], new float[100]);

        Assert.Equal(0, Allocations.OfWarm(50, () => index.Search(query, ids, scores)));
    }
}
