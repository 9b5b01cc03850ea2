using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class ReliabilityBinTests
{
    [Fact]
    public void Table_FiveRows_TwoBinsInOrderOfProbability()
    {
        var table = ReliabilityBin.Table([0.9f, 0.1f, 0.5f, 0.2f, 0.7f], [true, false, true, true, false], bins: 2);

        Assert.Equal([2, 3], table.Select(bin => bin.Rows));
        Assert.Equal([0.15, 0.7], table.Select(bin => Math.Round(bin.Predicted, 6)));
        Assert.Equal([0.5, 2 / 3.0], table.Select(bin => bin.Observed));
    }

    [Fact]
    public void Table_FewerRowsThanBins_LeavesEmptyBinsOut() => Assert.Equal(2, ReliabilityBin.Table([0.1f, 0.2f], [true, false]).Count);
}
