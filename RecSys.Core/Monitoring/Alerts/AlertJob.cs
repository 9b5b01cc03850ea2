using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Looks at the alerts every few seconds.</summary>
internal sealed class AlertJob(AlertCenter center, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertJob> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        MonitoringTurns.Of("look at the alerts", TimeSpan.FromSeconds(options.Value.EverySeconds), time, logger)
            .RunAsync(center.Look, stoppingToken);
}
