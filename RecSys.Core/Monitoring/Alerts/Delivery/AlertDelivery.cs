using Microsoft.Extensions.Hosting;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>Runs the senders side by side, so that a receiver that hangs holds up no other.</summary>
internal sealed class AlertDelivery(IReadOnlyList<(string Channel, AlertSender Sender)> senders, AlertCenter center, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(senders.Select(each => RunAsync(each.Sender, stoppingToken)));

    private async Task RunAsync(AlertSender sender, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var message in center.TakeOverflow())
                senders.First(each => each.Channel == message.Channel).Sender.PutAside(message, "too many messages wait");
            var pause = await sender.SendNextAsync(stoppingToken) ?? Idle;
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stoppingToken);
        }
    }
}
