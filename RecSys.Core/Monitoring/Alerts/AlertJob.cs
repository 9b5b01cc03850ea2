using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Looks at the alerts every few seconds. A look that fails is told and the next one is as usual.</summary>
internal sealed class AlertJob(AlertCenter center, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertJob> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = new RepeatedReports(time, TimeSpan.FromMinutes(10));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.EverySeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                center.Look();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                if (failures.IsDue(fault, out var times)) logger.AlertLookFailed(fault, times);
            }
        }
    }
}
