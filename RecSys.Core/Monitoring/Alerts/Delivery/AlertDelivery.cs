using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>
/// Runs the senders side by side, so that a receiver that hangs, or a fault of one sender, holds up no other; and goes on behind a fault.
/// </summary>
internal sealed class AlertDelivery(
    IReadOnlyList<(string Channel, AlertSender Sender)> senders, AlertCenter center, TimeProvider time, ILogger<AlertDelivery> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(senders.Select(
        each => MonitoringTurns.Of($"delivery of alerts to {each.Channel}", Idle, time, logger).RunUnevenlyAsync(
            cancellationToken => TurnAsync(each.Sender, cancellationToken), stoppingToken)));

    private async Task<TimeSpan> TurnAsync(AlertSender sender, CancellationToken cancellationToken)
    {
        foreach (var message in center.TakeOverflow())
            senders.First(each => each.Channel == message.Channel).Sender.PutAside(message, "too many messages wait");
        return await sender.SendNextAsync(cancellationToken) ?? Idle;
    }
}
