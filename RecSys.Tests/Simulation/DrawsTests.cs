using RecSys.Core.Simulation.Behaviour;

namespace RecSys.Tests.Simulation;

public sealed class DrawsTests
{
    private static readonly Draws Luck = new(1);

    [Fact]
    public void Uniform_ManyKeys_IsEvenWithoutTrend()
    {
        const int count = 100_000;
        var bins = new int[20];
        var lag = 0.0;
        for (var i = 0; i < count; i++)
        {
            bins[(int)(20 * Luck.Uniform(i % 100, i / 100, 7, Purpose.Click))]++;
            lag += (Luck.Uniform(1, 2, i, Purpose.Click) - 0.5) * (Luck.Uniform(1, 2, i + 1, Purpose.Click) - 0.5);
        }

        // Chi-square with 19 degrees of freedom: above 43.8 once in a thousand.
        Assert.InRange(bins.Sum(bin => Math.Pow(bin - count / 20.0, 2) / (count / 20.0)), 5, 43.8);
        Assert.InRange(lag / count * 12, -0.0127, 0.0127);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(6)]
    public void Poisson_ManyKeys_HasItsMeanAsVarianceToo(double mean)
    {
        double[] values = [.. Enumerable.Range(0, 50_000).Select(i => (double)Luck.Poisson(mean, i, 3, 0, Purpose.Sessions))];
        var average = values.Average();

        Assert.InRange(average, mean - 4 * Math.Sqrt(mean / 50_000), mean + 4 * Math.Sqrt(mean / 50_000));
        Assert.InRange(values.Average(value => (value - average) * (value - average)) / mean, 0.95, 1.05);
    }

    [Fact]
    public void Poisson_HigherMean_NeverGivesLess() => Assert.All(Enumerable.Range(0, 2000), user => Assert.True(
        Luck.Poisson(1.1, user, 0, 0, Purpose.Sessions) >= Luck.Poisson(1, user, 0, 0, Purpose.Sessions)));

    [Fact]
    public void Normal_ManyKeys_HasMeanZeroAndVarianceOne()
    {
        double[] values = [.. Enumerable.Range(0, 50_000).Select(i => Luck.Normal(i, 3, 0, Purpose.Hour))];

        Assert.InRange(values.Average(), -0.018, 0.018);
        Assert.InRange(values.Average(value => value * value), 0.975, 1.025);
    }
}
