using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class WithinUserMetricsTests
{
    [Fact]
    public void Of_ThreeUsers_WeighsByPositivesAndCountsUsersWithoutOne()
    {
        // User 1: positives at ranks 1 and 3 of 3, so AUC 1/2, weight 2. User 2: the positive at rank 2 of 2, AUC 0, weight 1.
        // User 3: none.
        var metrics = WithinUserMetrics.Of([0.9f, 0.5f, 0.1f, 0.2f, 0.8f, 0.3f], [true, false, true, true, false, false],
            [1, 1, 1, 2, 2, 3]);

        Assert.Equal((2 * 0.5 + 1 * 0) / 3, metrics.Gauc, 12);
        var first = (1 + 1 / Math.Log2(4)) / (1 + 1 / Math.Log2(3));
        Assert.Equal((first + 1 / Math.Log2(3) + 0) / 3, metrics.Ndcg, 12);
        Assert.Equal((metrics.Gauc + metrics.Ndcg) / 2, metrics.Primary, 12);
        Assert.Equal(3, metrics.Users);
    }

    [Fact]
    public void Of_UserWithPositivesOnly_CountsForNdcgAlone()
    {
        var metrics = WithinUserMetrics.Of([1, 2, 1, 2], [true, true, false, true], [1, 1, 2, 2]);

        Assert.Equal((1, 1), (metrics.Gauc, metrics.Ndcg));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 0.35620718710802218)]
    public void Of_SixthRow_CountsFromTheSixthPlaceOn(int k, double ndcg)
    {
        // Equal scores stand as they came: the positive is sixth, 1 / log2(7).
        var metrics = WithinUserMetrics.Of(new float[6], [false, false, false, false, false, true], new int[6], k);

        Assert.Equal(ndcg, metrics.Ndcg, 12);
        Assert.Equal(0.5, metrics.Gauc, 12);
    }

    [Fact]
    public void ByItem_FewTries_AreDrawnToTheOverallRate()
    {
        var rates = SmoothedRate.ByItem(3, [(0, true), (0, true), (1, false), (1, true)], prior: 4);

        Assert.Equal([(2 + 4 * 0.75f) / 6, (1 + 4 * 0.75f) / 6, 0.75f], rates);
    }
}
