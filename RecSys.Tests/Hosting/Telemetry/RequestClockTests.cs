using Microsoft.AspNetCore.Http;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>As what a request counts, by its status and whether any stage ran.</summary>
public sealed class RequestClockTests
{
    private readonly LatencyWindows windows = new(TimeProvider.System);

    [Theory]
    // status, a stage ran -> requests, failures, shed, refused
    [InlineData(200, true, 1, 0, 0, 0)]
    [InlineData(400, false, 0, 0, 0, 1)]
    [InlineData(401, false, 0, 0, 0, 1)]
    [InlineData(404, true, 0, 0, 0, 1)]
    [InlineData(405, false, 0, 0, 0, 1)]
    [InlineData(413, false, 0, 0, 0, 1)]
    [InlineData(429, false, 0, 0, 0, 1)]
    // Somebody waited, and waited too long.
    [InlineData(499, false, 1, 1, 0, 0)]
    [InlineData(499, true, 1, 1, 0, 0)]
    [InlineData(503, false, 1, 1, 1, 0)]
    [InlineData(500, false, 1, 1, 1, 0)]
    [InlineData(500, true, 1, 1, 0, 0)]
    [InlineData(503, true, 1, 1, 0, 0)]
    public void Record_ByStatus_CountsAs(int status, bool ran, int requests, int failures, int shed, int refused)
    {
        Record(status, ran);

        Assert.Equal((requests, failures, shed, refused), Told());
        Assert.Equal(requests - shed, windows.Read(TimeSpan.FromMinutes(1)).Timed);
    }

    [Fact]
    public void Record_OfThePooledClock_ForgetsTheRequestBefore()
    {
        var clock = Record(503, ran: true);

        clock.Begin(new DefaultHttpContext { Response = { StatusCode = 503 } }.Response);
        clock.Record();

        Assert.Equal((2, 2, 1, 0), Told());
    }

    private RequestClock Record(int status, bool ran)
    {
        var clock = new RequestClock(windows, TimeProvider.System);
        clock.Begin(new DefaultHttpContext { Response = { StatusCode = status } }.Response);
        if (ran) clock.EnterPipeline();
        clock.Record();
        return clock;
    }

    private (long Requests, long Failures, long Shed, long Refused) Told()
    {
        var window = windows.Read(TimeSpan.FromMinutes(1));
        return (window.Requests, window.Failures, window.Shed, window.Refusals);
    }
}
