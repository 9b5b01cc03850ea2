using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Monitoring.Autoscaling.Trace;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Autoscaling;

/// <summary>
/// Servers of two processors and 20 ms a request: 100 requests a second each. So 70 % is passed at 70 a second and server, 40 % at 40.
/// </summary>
public sealed class ScalingSimulationTests
{
    private static readonly AutoscalingOptions Policy = new();

    public static TheoryData<string, int> Traces =>
        new() { { "daily", 42 }, { "spike", 19 }, { "ramp", 19 }, { "noisy", 42 }, { "saw", 30 } };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Run_AnyLoad_DoesNotFlap_AndStaysWithinBounds(string trace, int replicas)
    {
        var run = Run(TraceOf(trace), replicas);

        Assert.True(run.Changes.Count > 0, "A load that changes nothing shows nothing.");
        Assert.All(run.Points, point => Assert.InRange(point.Desired, Policy.MinReplicas, Policy.MaxReplicas));
        foreach (var (before, after) in run.Changes.Zip(run.Changes.Skip(1)))
        {
            var pause = after.By > 0 ? Policy.UpCooldownSeconds : Policy.DownCooldownSeconds;
            Assert.True(after.Second - before.Second >= pause, $"{trace}: {before} and {after}");
        }
        foreach (var ((first, middle), last) in run.Changes.Zip(run.Changes.Skip(1)).Zip(run.Changes.Skip(2)))
        {
            Assert.False(first.By > 0 && middle.By < 0 && last.By > 0 && last.Second - first.Second <= Policy.DownCooldownSeconds,
                $"{trace}: up, down and up again from {first.Second} to {last.Second} s");
        }
    }

    [Fact]
    public void Run_Ramp_EndsWithWhatTenThousandRequestsNeed()
    {
        var run = Run(LoadTrace.Of("ramp"), 19);

        // 10,000 / 70 = 142.9 servers keep the share at 70 %; the step that passes it ends at most 20 above. Nothing ever goes down.
        Assert.InRange(run.Points[^1].Replicas, 143, 163);
        Assert.Equal((run.Points[^1].Replicas - 19, 0), (run.Ups * Policy.StepUp, run.Downs));
        // Load grows by 1.25 a second: 3 minutes of pause and 75 s of start are 320 requests, less than the room of 0.3 * 100 * 19.
        Assert.Equal((0, 0), (run.ShareAbove(80), run.ShedShare));
    }

    [Fact]
    public void Run_Spike_IsOverloadedForAsLongAsFourStepsTake_AndGoesBackAsLate()
    {
        var run = Run(LoadTrace.Of("spike"), 19);

        // 6,000 a second need 60 servers, and 86 not to want more: from 19 that is 39, 59, 79, 99, one step every three minutes.
        Assert.Equal([20, 20, 20, 20], run.Changes.Take(4).Select(change => change.By));
        Assert.Equal([180, 180, 180], run.Changes.Take(4).Zip(run.Changes.Skip(1).Take(3), (a, b) => b.Second - a.Second));
        // 99 to 19 is eight steps down; 1,000 / 55 = 18.2 servers are needed.
        Assert.Equal((8, 19), (run.Downs, run.Points[^1].Replicas));
        // Overloaded until the wave of 79 servers bears load: two pauses and a start after the first decision, 0.09 of the requests at
        // least.
        Assert.InRange(run.Points.Count(point => point.LatencyMs > 80) * 15, 360, 600);
    }

    [Fact]
    public void Run_Daily_CostsBetweenWhatTheMarksAllow()
    {
        var run = Run(LoadTrace.Of("daily"), 42);

        // The mean rate of the sine is 4,250 a second. At 70 % all day that would be 4,250 / 70 * 24 = 1,457 hours, at 40 % 2,550.
        Assert.InRange(run.ReplicaHours, 1457, 2550);
        Assert.Equal(0, run.ShareAbove(80));
        Assert.InRange(run.Points.Max(point => point.Replicas), 8000 / 70, 8000 / 70 + 21);
    }

    [Theory]
    // One processor: M/M/1, S / (1 - rho).
    [InlineData(1, 10, 50, 20)]
    [InlineData(1, 10, 80, 50)]
    // Two: Erlang C gives S / (1 - rho^2) for M/M/2; the formula is within 3 % of it.
    [InlineData(2, 20, 50, 26.667)]
    [InlineData(2, 20, 80, 55.556)]
    public void Step_BelowCapacity_HasTheLatencyOfTheQueue(int processors, double serviceMs, double rate, double expected)
    {
        var step = new FleetModel(serviceMs, processors).Step(rate, 1, 0, 15);

        Assert.InRange(step.LatencyMs, expected * 0.97, expected * 1.03);
        Assert.Equal((rate / 100, 0, 0), (step.Cpu, step.Backlog, step.Shed));
    }

    [Fact]
    public void Step_BeyondCapacity_KeepsABacklogAndShedsTheRest()
    {
        // One server does 100 a second; 110 come for 10 s: 1,000 done, 50 wait at most half a second, 50 are shed.
        var step = new FleetModel().Step(110, 1, 0, 10);
        var next = new FleetModel().Step(50, 1, step.Backlog, 10);

        Assert.Equal((1, 50, 50), (step.Cpu, step.Backlog, step.Shed));
        Assert.Equal((0.55, 0, 0), (next.Cpu, next.Backlog, next.Shed));
    }

    [Fact]
    public void Trace_FromAFile_IsReadWithStraightLinesInBetween()
    {
        using var folder = new TemporaryFolder();
        var trace = LoadTrace.Of(folder.Write("load.csv", "seconds,requests_per_second\n0,100\n100,300\n200,300\n"));

        Assert.Equal([100, 150, 300, 300, 300], new double[] { -5, 25, 100, 150, 999 }.Select(trace.RateAt));
        Assert.Equal(TimeSpan.FromSeconds(200), trace.Length);
    }

    [Theory]
    [InlineData("0,100\n0,200\n", "line 2")]
    [InlineData("0,100\n60,-1\n", "line 2")]
    [InlineData("0,100\n60;200\n", "line 2")]
    [InlineData("0,100\n", "at least two lines")]
    [InlineData("0,100\n1e9,200\n", "within a week")]
    public void Trace_ThatIsWrong_IsRefusedWithItsPlace(string text, string because)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("load.csv", text);

        Assert.Contains(because, Assert.Throws<RecSysException>(() => LoadTrace.Of(path)).Message, StringComparison.Ordinal);
    }

    private static ScalingRun Run(LoadTrace trace, int replicas) =>
        new ScalingSimulation(Policy, new FleetModel(), TimeSpan.FromSeconds(60)).Run(trace, replicas);

    private static LoadTrace TraceOf(string name)
    {
        var random = new Random(5);
        return name switch
        {
            // The day with a fifth more or less each minute.
            "noisy" => new LoadTrace(name, [.. Enumerable.Range(0, 1440).Select(minute =>
                (minute * 60.0, LoadTrace.Of("daily").RateAt(minute * 60) * (0.8 + 0.4 * random.NextDouble())))]),
            // Up and down within ten minutes, again and again, across both marks.
            "saw" => new LoadTrace(name, [.. Enumerable.Range(0, 60).Select(turn => (turn * 300.0, turn % 2 == 0 ? 800.0 : 3500.0))]),
            _ => LoadTrace.Of(name),
        };
    }
}
