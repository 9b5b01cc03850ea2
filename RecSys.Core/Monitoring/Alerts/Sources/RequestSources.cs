using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Alerts.Sources;

/// <summary>What the latency windows tell of requests. The last minute is asked, and with little traffic the last five.</summary>
internal sealed class RequestSources(LatencyWindows windows)
{
    /// <summary>With fewer requests a 99th percentile is the slowest one, and a share says nothing.</summary>
    public const int LeastRequests = 100;

    /// <summary>Fewer failures are chance: without this one failure in a thousand requests would be an alert.</summary>
    public const int LeastFailures = 5;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>The 99th percentile of what has a time, seconds.</summary>
    public AlertReading? Latency()
    {
        var window = windows.Read(Minute);
        if (window.Timed < LeastRequests) window = windows.Read(FiveMinutes);
        return window.Timed >= LeastRequests ? new AlertReading(window.Total.P99 / 1e9) : null;
    }

    /// <summary>
    /// Share of failed and shed requests; 0 where there are fewer than <see cref="LeastFailures"/>. Refused ones are on neither side: one
    /// caller that asks too much is no fault of the service, and must not hide one either.
    /// </summary>
    public AlertReading? Errors()
    {
        var window = windows.Read(Minute);
        if (window.Requests < LeastRequests || window.Failures < LeastFailures) window = windows.Read(FiveMinutes);
        if (window.Requests < LeastRequests) return null;
        if (window.Failures < LeastFailures) return new AlertReading(0);
        return new AlertReading((double)window.Failures / window.Requests, $"{window.Failures} of {window.Requests} requests");
    }
}
