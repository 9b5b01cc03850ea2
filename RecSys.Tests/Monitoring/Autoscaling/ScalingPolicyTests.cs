using RecSys.Core.Monitoring.Autoscaling;

namespace RecSys.Tests.Monitoring.Autoscaling;

/// <summary>Up by 20 above 80 ms or 70 %, down by 10 below 40 ms and 40 %, between 3 and 200; pauses of 180 and 900 s.</summary>
public sealed class ScalingPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AutoscalingOptions Options = new();

    [Theory]
    // replicas, latency, cpu -> wanted
    [InlineData(30, 81.0, 0.5, 50, "latency high")]
    [InlineData(30, 60.0, 0.71, 50, "processor high")]
    [InlineData(30, 30.0, 0.9, 50, "either is enough")]
    [InlineData(30, 80.0, 0.7, 30, "on the marks nothing happens")]
    [InlineData(30, 39.0, 0.2, 20, "both low")]
    [InlineData(30, 41.0, 0.2, 30, "latency not low")]
    [InlineData(30, 39.0, 0.41, 30, "processor not low")]
    [InlineData(190, 100.0, 0.9, 200, "up to the most")]
    [InlineData(200, 100.0, 0.9, 200, "and not beyond")]
    [InlineData(9, 10.0, 0.01, 3, "down to the fewest")]
    [InlineData(3, 10.0, 0.01, 3, "and not below")]
    [InlineData(1, 60.0, 0.5, 3, "who begins with fewer gets the fewest")]
    // 12 at 0.39 need 12 * 0.39 / 0.55 = 8.5: two would be at 2.3, and up again.
    [InlineData(12, 30.0, 0.39, 9, "a step down ends where 0.55 would be passed")]
    public void Decide_Measures_GivesTheNumber(int replicas, double latency, double cpu, int wanted, string because)
    {
        var state = ScalingPolicy.Decide(Options, ScalingState.First, Input(replicas, latency, cpu), Now);

        Assert.True(wanted == state.Desired, $"{because}: {state}");
    }

    [Theory]
    [InlineData(null, 100.0, 0.9, "the number of servers is not known")]
    [InlineData(30, null, 0.9, "the mean latency is not known")]
    [InlineData(30, 100.0, null, "the processor share is not known")]
    [InlineData(null, null, null, "the number of servers, the mean latency, the processor share are not known")]
    public void Decide_MissingData_LeavesItAsItWas(int? replicas, double? latency, double? cpu, string why)
    {
        var before = new ScalingState(42, Now.AddDays(-1), "before");

        var after = ScalingPolicy.Decide(Options, before, new ScalingInput(replicas, latency, cpu, false, true), Now);

        Assert.Equal((42, before.Changed), (after.Desired, after.Changed));
        Assert.Contains(why, after.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NothingEverKnown_WantsNothing() => Assert.Null(
        ScalingPolicy.Decide(Options, ScalingState.First, new ScalingInput(null, null, null, false, false), Now).Desired);

    [Fact]
    public void Decide_StoreIsTheBottleneck_DoesNotGoUp_ButGoesDown()
    {
        var up = ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 300, 0.2) with { StoreIsBottleneck = true }, Now);
        var down = ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 10, 0.2) with { StoreIsBottleneck = true }, Now);

        Assert.Equal((30, 20), (up.Desired, down.Desired));
        Assert.Contains("bottleneck", up.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_RedAlert_GoesUpWithinTheMarks_AndNotDown()
    {
        Assert.Equal(50, ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 60, 0.5) with { UpRequested = true }, Now).Desired);
        Assert.Equal(50, ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 10, 0.1) with { UpRequested = true }, Now).Desired);
    }

    [Theory]
    [InlineData(179, 50)]
    [InlineData(180, 70)]
    public void Decide_UpAgain_WaitsThreeMinutes(int seconds, int wanted)
    {
        var first = ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 100, 0.9), Now);

        Assert.Equal(wanted, ScalingPolicy.Decide(Options, first, Input(50, 100, 0.9), Now.AddSeconds(seconds)).Desired);
    }

    [Theory]
    [InlineData(899, 50)]
    [InlineData(900, 40)]
    public void Decide_DownBehindUp_WaitsAQuarterOfAnHour(int seconds, int wanted)
    {
        var first = ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 100, 0.9), Now);

        Assert.Equal(wanted, ScalingPolicy.Decide(Options, first, Input(50, 10, 0.1), Now.AddSeconds(seconds)).Desired);
    }

    [Fact]
    public void Decide_ServersThatNeverCame_AreAskedForFromWhatThereIs()
    {
        var first = ScalingPolicy.Decide(Options, ScalingState.First, Input(30, 100, 0.9), Now);

        // Ten of twenty came, and it is still too much: what was wanted is not given up, and no more than a step beyond what is there.
        Assert.Equal(60, ScalingPolicy.Decide(Options, first, Input(40, 100, 0.9), Now.AddSeconds(180)).Desired);
        // None came: fifty stay wanted.
        Assert.Equal(50, ScalingPolicy.Decide(Options, first, Input(30, 100, 0.9), Now.AddSeconds(180)).Desired);
    }

    [Fact]
    public void Decide_LongAfterItsOwnStep_SaysWhatThereIs()
    {
        var old = new ScalingState(50, Now.AddHours(-1), "before");

        // Others have decided since; what this one wanted an hour ago must not bring the fleet back to it.
        Assert.Equal(90, ScalingPolicy.Decide(Options, old, Input(90, 60, 0.5), Now).Desired);
    }

    [Fact]
    public void Decide_ClockSetBack_IsNotHeldUpByAStepFromLaterOn()
    {
        var later = new ScalingState(50, Now.AddHours(1), "before the clock was set back");

        Assert.Equal(70, ScalingPolicy.Decide(Options, later, Input(50, 100, 0.9), Now).Desired);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid")]
    public async Task Peers_NameThatNoResolverTakes_IsNotKnown(string name)
    {
        var peers = new PeerCount(
            Microsoft.Extensions.Options.Options.Create(new AutoscalingOptions { Peers = name }), TimeProvider.System);

        Assert.Null(await peers.ReadAsync(TestContext.Current.CancellationToken));
    }

    private static ScalingInput Input(int replicas, double latency, double cpu) => new(replicas, latency, cpu, false, false);
}
