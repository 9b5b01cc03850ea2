using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Sources;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>What rules read of requests while one client asks far more than it may.</summary>
public sealed class RequestSourcesTests
{
    private readonly LatencyWindows windows = new(new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
    private readonly RequestSources sources;

    public RequestSourcesTests() => sources = new RequestSources(windows);

    [Fact]
    public void Errors_NineOfTenRefused_AreNone()
    {
        Serve(200, milliseconds: 20);
        Refuse(1800);

        var (errors, latency) = (sources.Errors()!.Value, sources.Latency()!.Value);

        Assert.Equal(0, errors);
        Assert.False(AlertRules.Errors.IsBad(errors, AlertLevel.Yellow) || AlertRules.Latency.IsBad(latency, AlertLevel.Yellow));
    }

    [Fact]
    public void Errors_AmongManyRefusals_AreOfWhatWasNotRefused()
    {
        Serve(190, milliseconds: 20);
        Serve(10, milliseconds: 20, failed: true);
        Refuse(100_000);

        Assert.Equal(0.05, sources.Errors()!.Value, 1e-9);
    }

    [Fact]
    public void Errors_OfAnOverloadedServer_HasWhatIsShed()
    {
        Serve(180, milliseconds: 20);
        for (var i = 0; i < 20; i++) windows.Shed();

        var reading = sources.Errors()!;

        Assert.Equal((0.1, "20 of 200 requests"), (reading.Value, reading.Detail));
    }

    [Fact]
    public void Latency_AmongManyThatAreRefusedOrShed_IsOfWhatWasServed()
    {
        Serve(100, milliseconds: 300);
        Refuse(100_000);
        for (var i = 0; i < 10_000; i++) windows.Shed();

        Assert.InRange(sources.Latency()!.Value, 0.297, 0.303);
    }

    [Fact]
    public void Nothing_ButRefusals_IsNothingToJudge()
    {
        Refuse(10_000);

        Assert.Equal((null, null), (sources.Errors(), sources.Latency()));
    }

    [Fact]
    public void Nothing_ButShedRequests_HasErrorsAndNoLatency()
    {
        for (var i = 0; i < 1000; i++) windows.Shed();

        Assert.Equal((1, null), (sources.Errors()!.Value, sources.Latency()));
    }

    private void Serve(int requests, double milliseconds, bool failed = false)
    {
        for (var i = 0; i < requests; i++) windows.Record((long)(milliseconds * 1e6), new long[RequestParts.Count], failed);
    }

    private void Refuse(int requests)
    {
        for (var i = 0; i < requests; i++) windows.Refuse();
    }
}
