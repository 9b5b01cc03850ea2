using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Fact]
    public void Mean_ManyUsers_MatchesTheNormalInterval()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 2000).Select(_ => random.NextDouble()).ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);

        var interval = Bootstrap.Mean(values, seed: 1, samples: 2000);

        Assert.Equal(mean, interval.Value, 1e-12);
        Assert.InRange(interval.Low, mean - 1.96 * error * 1.1, mean - 1.96 * error * 0.9);
        Assert.InRange(interval.High, mean + 1.96 * error * 0.9, mean + 1.96 * error * 1.1);
    }

    [Fact]
    public void Mean_SameSeed_IsRepeatable()
    {
        double[] values = [0.1, 0.9, 0.23, 0.71, 0.64, 0.02, 0.5];

        Assert.Equal(Bootstrap.Mean(values, 9), Bootstrap.Mean(values, 9));
        Assert.NotEqual(Bootstrap.Mean(values, 9), Bootstrap.Mean(values, 10));
    }

    [Fact]
    public void Mean_UndefinedUsers_AreLeftOut()
    {
        Assert.Equal(Bootstrap.Mean([0, 1, 1], 1), Bootstrap.Mean([0, double.NaN, 1, 1], 1));
        Assert.Equal(double.NaN, Bootstrap.Mean([double.NaN], 1).Value);
    }

    [Fact]
    public void PairedDifference_ConstantGain_HasNoWidth()
    {
        var random = new Random(4);
        var champion = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).ToArray();
        var challenger = Array.ConvertAll(champion, v => v + 0.25);

        var interval = Bootstrap.PairedDifference(challenger, champion, 1);

        Assert.Equal(0.25, interval.Low, 1e-12);
        Assert.Equal(0.25, interval.High, 1e-12);
    }

    [Fact]
    public void WeightedMean_HandComputed_UsesWeights()
    {
        Assert.Equal(0.25, Bootstrap.WeightedMean([1, 0], [1, 3], 1).Value, 1e-12);
        Assert.Throws<ArgumentException>(() => Bootstrap.WeightedMean([1, 0], [1], 1));
    }
}
