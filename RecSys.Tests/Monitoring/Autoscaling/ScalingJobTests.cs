using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Autoscaling;

/// <summary>What the policy is told of requests.</summary>
public sealed class ScalingJobTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Decide_ManyRefusedAndShed_GoesByWhatWasServed()
    {
        var windows = new LatencyWindows(clock);
        for (var i = 0; i < 50; i++) windows.Record(120_000_000, new long[RequestParts.Count], failed: false);
        for (var i = 0; i < 10_000; i++)
        {
            windows.Refuse();
            windows.Shed();
        }

        var input = await InputAsync(windows);

        // On the average of all they would be at half a millisecond, and servers would be taken away.
        Assert.Equal(120, input.MeanLatencyMs!.Value, 1e-6);
    }

    [Fact]
    public async Task Decide_NothingButRefusals_KnowsNoLatency()
    {
        var windows = new LatencyWindows(clock);
        for (var i = 0; i < 10_000; i++)
        {
            windows.Refuse();
            windows.Shed();
        }

        Assert.Null((await InputAsync(windows)).MeanLatencyMs);
    }

    public void Dispose() => folder.Dispose();

    private async Task<ScalingInput> InputAsync(LatencyWindows windows)
    {
        using var machine = new MachineWatch(
            Options.Create(new MonitoringOptions()), folder.Path, clock, new ListLogger<MachineWatch>(), folder.Path);
        var options = Options.Create(new AutoscalingOptions());
        using var job = new ScalingJob(
            windows, machine, new ScaleUpSignal(clock), new PeerCount(options, clock), options, clock, new ListLogger<ScalingJob>());
        await job.DecideAsync(TestContext.Current.CancellationToken);
        return job.View.Input!;
    }
}
