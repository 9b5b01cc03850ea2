using System.Text;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Delivery;
using RecSys.Core.Monitoring.Alerts.Keeping;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>The loop that delivers alerts, with parts that break in ways that nobody foresaw.</summary>
public sealed class AlertLoopTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private AlertRig rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task Delivery_BehindAFaultOfASender_GoesOn()
    {
        var log = new ListLogger<AlertDelivery>();
        var faults = 0;
        // Refused once, so that the sender draws its pause, which is what breaks.
        rig.Receiver.Answer = http =>
        {
            if (rig.Receiver.PostsTo(AlertRig.SlackPath).Count == 1) http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var slack = new SlackReceiver(new Uri(rig.Receiver.Address, AlertRig.SlackPath));
        using var delivery = new AlertDelivery(
            [(slack.Channel.Name, rig.SenderOf(slack, () => faults++ == 0 ? throw new NotSupportedException("no luck") : 0))],
            rig.Center, rig.Clock, log);
        Red();

        await RunAsync(delivery, Step, () => rig.Center.NextFor(slack.Channel.Name) is null);

        Assert.Equal(2, rig.Receiver.PostsTo(AlertRig.SlackPath).Count);
        Assert.Equal("The delivery of alerts to slack failed (1 times since the last line); the next one is as usual",
            Assert.Single(log.Messages));
    }

    [Fact]
    public async Task Message_ThatCannotBeWritten_IsTriedAndPutAsideAndHoldsUpNoOther()
    {
        var broken = new BrokenReceiver(new Uri(rig.Receiver.Address, AlertRig.SlackPath));
        using var delivery = new AlertDelivery(
            [(broken.Channel.Name, rig.SenderOf(broken, () => 0))], rig.Center, rig.Clock, new ListLogger<AlertDelivery>());
        Red();

        await RunAsync(delivery, AlertRig.Every, () => File.Exists(rig["monitoring/alerts-undelivered.jsonl"]));

        Assert.Null(rig.Center.NextFor(broken.Channel.Name));
        Assert.Contains(rig.SenderLog.Messages, text => text.Contains("KeyNotFoundException", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.SenderLog.Messages, text => text.Contains("secret", StringComparison.Ordinal));
        broken.IsBroken = false;
        rig.Reads(AlertRules.Memory, 0.99);
        Look();
        await RunAsync(delivery, Step, () => rig.Receiver.PostsTo(AlertRig.SlackPath).Count > 0);
        Assert.Contains("memory", rig.Receiver.BodiesTo(AlertRig.SlackPath)[0].GetRawText(), StringComparison.Ordinal);
    }

    private void Red()
    {
        rig.Reads(AlertRules.Disk, 0.01);
        Look();
        Assert.NotNull(rig.Center.NextFor(SlackReceiver.Name));
    }

    // Long enough for a rule to be red, and for what is told to be one message.
    private void Look()
    {
        for (var look = 0; look < 18; look++)
        {
            rig.Clock.Advance(AlertRig.Every);
            rig.Center.Look();
        }
    }

    // Where a receiver is called, in steps that leave it the time it has by the clock of the test, on a slow machine too.
    private async Task RunAsync(AlertDelivery delivery, TimeSpan step, Func<bool> isDone)
    {
        await delivery.StartAsync(Token);
        for (var steps = 0; !isDone() && steps < 3000; steps++)
        {
            rig.Clock.Advance(step);
            await Task.Delay(10, Token);
        }
        Assert.True(isDone());
        await delivery.StopAsync(Token);
    }

    private sealed class BrokenReceiver(Uri address) : IAlertReceiver
    {
        private readonly SlackReceiver sound = new(address);

        public bool IsBroken { get; set; } = true;

        public AlertChannel Channel => sound.Channel;

        public Uri Address => address;

        public byte[] Body(AlertMessage message) => IsBroken
            ? throw new KeyNotFoundException(Encoding.UTF8.GetString(sound.Body(message)) + " secret") : sound.Body(message);
    }
}
