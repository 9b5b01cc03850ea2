using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class CatalogueMetricsTests
{
    [Fact]
    public void Coverage_SomeItemsUsed_IsTheirShare()
    {
        Assert.Equal(0.5, CatalogueMetrics.Coverage([3, 0, 0, 1]));
        Assert.Equal(0, CatalogueMetrics.Coverage([]));
    }

    [Fact]
    public void Gini_HandComputed_GoesFromEvenToConcentrated()
    {
        Assert.Equal(0, CatalogueMetrics.Gini([2, 2, 2, 2]), 1e-12);
        Assert.Equal(0.75, CatalogueMetrics.Gini([0, 9, 0, 0]), 1e-12);
        // Mean absolute difference over all ordered pairs, 24 / 16, over twice the mean 2.5.
        Assert.Equal(0.25, CatalogueMetrics.Gini([4, 1, 3, 2]), 1e-12);
        Assert.Equal(double.NaN, CatalogueMetrics.Gini([0, 0]));
    }

    [Fact]
    public void Gini_RandomCounts_EqualsHalfTheRelativeMeanDifference()
    {
        var random = new Random(2);
        for (var round = 0; round < 20; round++)
        {
            var counts = Enumerable.Range(0, 30).Select(_ => (long)random.Next(1, 100)).ToArray();
            var difference = counts.SelectMany(a => counts.Select(b => (double)Math.Abs(a - b))).Average();

            Assert.Equal(difference / 2 / counts.Average(), CatalogueMetrics.Gini(counts), 1e-9);
        }
    }

    [Fact]
    public void Novelty_HandComputed_IsMeanBits()
    {
        // Smoothed shares 4/8, 2/8, 1/8, 1/8, so 1, 2, 3 and 3 bits.
        Assert.Equal((3 * 1 + 1 * 3) / 4.0, CatalogueMetrics.Novelty([3, 0, 0, 1], [3, 1, 0, 0]), 1e-12);
        Assert.Equal(double.NaN, CatalogueMetrics.Novelty([0, 0], [1, 1]));
    }
}
