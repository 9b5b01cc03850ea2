using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Models;

public sealed class GoldenCheckTests
{
    private static readonly float[] Rows = TestBundles.Embeddings(TestModels.Items, TestModels.Dimension);

    private static readonly GoldenCheck Check = new(
        TestModels.Tower(1), new MemoryVectors(Rows, TestModels.Dimension), Forest.Parse(TestModels.Ranker(TestModels.Catalogue.Names)),
        new PlattCalibrator(0.9, -0.1));

    // What an approximate index found when the bundle was written, and what it finds now.
    [Theory]
    [InlineData(10, 10, 10, true)]
    [InlineData(10, 10, 9, true)]
    [InlineData(10, 10, 8, false)]
    [InlineData(0, 10, 0, false)]
    [InlineData(0, 0, 0, false)]
    [InlineData(1, 1, 0, false)]
    [InlineData(1, 1, 1, true)]
    [InlineData(1, 10, 1, false)]
    [InlineData(10, 1, 1, false)]
    [InlineData(4, 4, 3, true)]
    [InlineData(4, 4, 2, false)]
    public void Difference_ApproximateIndex_AgreesInNineOfTenOfTheLongerList(int then, int now, int common, bool agrees)
    {
        var index = new FixedIndex([.. Enumerable.Range(0, now).Select(row => (long)row)]);
        var golden = Check.Compute([new GoldenInput([1, 2], [3])], [[0, 0, 0]], index);
        int[] found = [.. Enumerable.Range(0, common), .. Enumerable.Range(40, then - common)];

        var difference = Check.Difference(golden with { Queries = [golden.Queries[0] with { Found = found }] }, index);

        Assert.True(agrees == difference is null, difference);
    }

    [Fact]
    public void Difference_ApproximateIndexOfABundleWithout_IsRefused()
    {
        var golden = Check.Compute([new GoldenInput([1, 2], [3])], [[0, 0, 0]]);
        using var exact = new ExactIndex(Rows, TestModels.Dimension);

        Assert.Null(Check.Difference(golden, exact));
        Assert.Contains("without an index file", Check.Difference(golden, new FixedIndex([1])), StringComparison.Ordinal);
    }

    // Finds always the same.
    private sealed class FixedIndex(long[] found) : IVectorIndex
    {
        public long Count => TestModels.Items;
        public int Dimension => TestModels.Dimension;
        public string Description => "fixed";

        public int Search(ReadOnlySpan<float> query, Span<long> ids, Span<float> scores)
        {
            found.CopyTo(ids);
            return found.Length;
        }

        public void Dispose()
        {
        }
    }
}
