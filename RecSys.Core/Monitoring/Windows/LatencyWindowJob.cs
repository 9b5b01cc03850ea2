using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// Keeps the windows turning, reads at the start what an earlier process left, and writes it down once a minute and when the server stops.
/// A file that cannot be used is ignored, one that cannot be written is tried again a minute later.
/// </summary>
internal sealed class LatencyWindowJob(LatencyWindows windows, LatencyFile file, TimeProvider time, ILogger<LatencyWindowJob> logger)
    : BackgroundService
{
    /// <summary>Time between two writes.</summary>
    public static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            windows.Restore(file.Read());
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.WindowsNotRead(file.Path, fault.Message);
        }
        return base.StartAsync(cancellationToken);
    }

    // The web server has stopped by then: every request is in.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var saved = time.GetTimestamp();
        using var timer = new PeriodicTimer(LatencyWindows.Finest, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            windows.Turn();
            if (time.GetElapsedTime(saved) < SaveInterval) continue;
            saved = time.GetTimestamp();
            Save();
        }
    }

    private void Save()
    {
        try
        {
            var slots = windows.Slots();
            // Who never served leaves nothing behind.
            if (slots.Count > 0 || File.Exists(file.Path)) file.Write(slots);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(fault, out var times)) logger.WindowsNotWritten(file.Path, times, fault.Message);
        }
    }
}
