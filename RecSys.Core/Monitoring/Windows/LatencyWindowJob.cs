using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// Keeps the windows turning, reads at the start what an earlier process left, and writes it down once a minute and when the server stops.
/// </summary>
internal sealed class LatencyWindowJob : BackgroundService
{
    private readonly LatencyWindows windows;
    private readonly TimeProvider time;
    private readonly ILogger<LatencyWindowJob> logger;
    private readonly KeptWindows kept;

    public LatencyWindowJob(LatencyWindows windows, WindowFile file, TimeProvider time, ILogger<LatencyWindowJob> logger)
    {
        (this.windows, this.time, this.logger) = (windows, time, logger);
        kept = new KeptWindows(file, "latencies of the last day", time, logger);
    }

    /// <summary>The file that the windows are kept in.</summary>
    public static WindowFile FileAt(string path) => new(path, "RSLATWIN", 2);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        kept.Read(windows.Restore);
        return base.StartAsync(cancellationToken);
    }

    // The web server has stopped by then: every request is in.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        kept.Write(windows.Slots());
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("turn of the latencies", LatencyWindows.Finest, time, logger).RunAsync(Turn, stoppingToken);

    private void Turn()
    {
        windows.Turn();
        if (kept.IsDue()) kept.Write(windows.Slots());
    }
}
