using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Windows;

public sealed class LatencyWindowJobTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ListLogger<LatencyWindowJob> log = new();

    private string Path => folder["monitoring/latency.windows"];

    [Fact]
    public async Task Stop_ThenStart_KeepsTheWindows()
    {
        var before = await RunAsync(windows => Record(windows, 250, 4_000_000));
        clock.Advance(TimeSpan.FromSeconds(30));

        var after = await RunAsync(windows => Record(windows, 50, 4_000_000));

        Assert.Equal((250, 300, 300 * 4_000_000L), (before.Requests, after.Requests, after.Total.Sum));
        Assert.Equal((before.Failures * 6 / 5, before.Total.P99), (after.Failures, after.Total.P99));
        Assert.Empty(log.Messages);
    }

    [Fact]
    public async Task Start_ADayLater_HasForgotten()
    {
        await RunAsync(windows => Record(windows, 10, 4_000_000));
        clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal(0, (await RunAsync(_ => { })).Requests);
    }

    [Fact]
    public async Task Minutes_WithoutAStop_WriteTheWindows()
    {
        var windows = new LatencyWindows(clock);
        using var job = new LatencyWindowJob(windows, LatencyWindowJob.FileAt(Path), clock, log);
        await job.StartAsync(TestContext.Current.CancellationToken);
        Record(windows, 7, 1_000_000);

        // The job runs on a thread of its own, as the timer fires.
        while (!File.Exists(Path)) clock.Advance(LatencyWindows.Finest);

        var left = new LatencyWindows(clock);
        left.Restore(LatencyWindowJob.FileAt(Path).Read());
        Assert.Equal(7, left.Read(TimeSpan.FromHours(24)).Requests);
        await job.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("flipped bit")]
    [InlineData("cut off")]
    [InlineData("other version")]
    [InlineData("something else")]
    [InlineData("empty")]
    public async Task Start_DamagedFile_BeginsAnewAndSaysSo(string damage)
    {
        await RunAsync(windows => Record(windows, 250, 4_000_000));
        var bytes = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        switch (damage)
        {
            case "flipped bit": bytes[bytes.Length / 2] ^= 4; break;
            case "cut off": bytes = bytes[..^3]; break;
            case "other version": bytes[8]++; break;
            case "something else": bytes[0]++; break;
            default: bytes = []; break;
        }
        await File.WriteAllBytesAsync(Path, bytes, TestContext.Current.CancellationToken);

        var after = await RunAsync(windows => Record(windows, 3, 1_000_000));

        Assert.Equal(3, after.Requests);
        Assert.Contains(Path, Assert.Single(log.Messages), StringComparison.Ordinal);
        // What was damaged is replaced by what is true.
        Assert.Equal(3, (await RunAsync(_ => { })).Requests);
    }

    [Fact]
    public async Task Stop_FolderThatCannotBeMade_SaysSoAndStops()
    {
        await File.WriteAllTextAsync(folder["monitoring"], "a file", TestContext.Current.CancellationToken);

        var window = await RunAsync(windows => Record(windows, 3, 1_000_000));

        Assert.Equal(3, window.Requests);
        Assert.Contains("could not be written", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task<LatencyWindow> RunAsync(Action<LatencyWindows> work)
    {
        var windows = new LatencyWindows(clock);
        using var job = new LatencyWindowJob(windows, LatencyWindowJob.FileAt(Path), clock, log);
        await job.StartAsync(TestContext.Current.CancellationToken);
        work(windows);
        clock.Advance(TimeSpan.FromSeconds(20));
        await job.StopAsync(TestContext.Current.CancellationToken);
        return windows.Read(Hour);
    }

    private static void Record(LatencyWindows windows, int requests, long total)
    {
        for (var i = 0; i < requests; i++) windows.Record(total, new long[RequestParts.Count], failed: i % 5 == 0);
    }
}
