using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Tests.Simulation;

public sealed class WorldComparisonTests
{
    private static readonly WorldOptions Options = WorldOptions.Small with { Items = 800, Users = 500, Days = 6, Seed = 1 };

    [Fact]
    public async Task Compare_ClicksAndSatisfaction_OneWinsClicksAndLosesReturningUsers()
    {
        var comparison = await RunAsync([Arm("click"), Arm("satisfaction")]);

        Assert.True(Difference("clicks_per_list").High < 0);
        Assert.True(Difference("satisfaction_per_list").Low > 0);
        Assert.True(Difference("active_on_last_day").Low > 0);
        Assert.True(Difference("sessions_per_user").Low > 0);
        Assert.True(Difference("left_for_good").High < 0);

        MeanInterval Difference(string metric) => comparison.Difference(Metric(metric), 1);
    }

    [Fact]
    public async Task Compare_HigherPrices_FewerPurchases()
    {
        var comparison = await RunAsync([AtPrices(1), AtPrices(0.7), AtPrices(1.4)]);

        Assert.True(comparison.Difference(Metric("purchases_per_user"), 1).Low > 0);
        Assert.True(comparison.Difference(Metric("purchases_per_user"), 2).High < 0);

        static WorldArm AtPrices(double factor) => Arm("click") with
        {
            Change = options => options with { Behaviour = new BehaviourOptions { Money = new() { PriceFactor = factor } } },
        };
    }

    [Fact]
    public async Task Compare_SameLuck_TellsMoreThanOtherLuck()
    {
        var metric = Metric("clicks_per_user");
        var paired = await RunAsync([Arm("random"), Arm("explore:0.9:click")]);
        // The second side's worlds set against those of the next seed: the same effect, with luck that is not shared.
        var unpaired = MeanInterval.Of([.. Enumerable.Range(0, paired.Runs.Count).Select(seed =>
            metric.Of(paired.Runs[(seed + 1) % paired.Runs.Count][1]) - metric.Of(paired.Runs[seed][0]))]);

        Assert.True(paired.Difference(metric, 1).HalfWidth < 0.8 * unpaired.HalfWidth,
            $"paired {paired.Difference(metric, 1)}, unpaired {unpaired}");
    }

    [Fact]
    public async Task Compare_SamePolicyTwice_NoDifferenceAtAll()
    {
        var comparison = await RunAsync([Arm("popular"), Arm("popular")]);

        Assert.All(RunMetric.All, metric => Assert.Equal(new MeanInterval(0, 0), comparison.Difference(metric, 1)));
    }

    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(4, 2.776)]
    [InlineData(5, 2.571)]
    [InlineData(9, 2.262)]
    [InlineData(19, 2.093)]
    [InlineData(120, 1.980)]
    public void Quantile_Degrees_IsThatOfTheTables(int degrees, double expected) =>
        Assert.Equal(expected, MeanInterval.Quantile(degrees), 3);

    [Fact]
    public void Of_ThreeValues_IsComputedByHand()
    {
        // Mean 2, standard deviation 1, so 4.3027 / root of 3.
        var interval = MeanInterval.Of([1, 2, 3]);

        Assert.Equal(2, interval.Mean);
        Assert.Equal(2.4842, interval.HalfWidth, 4);
        Assert.False(interval.ExcludesZero);
    }

    private static Task<WorldComparison> RunAsync(IReadOnlyList<WorldArm> arms) => WorldComparison.RunAsync(
        Options, arms, seeds: 6, threads: 2, cancellationToken: TestContext.Current.CancellationToken);

    private static WorldArm Arm(string name) => new(name, () => PolicyNames.Create(name));

    private static RunMetric Metric(string name) => RunMetric.All.Single(metric => metric.Name == name);
}
