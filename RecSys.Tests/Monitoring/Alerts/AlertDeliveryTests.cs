using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Delivery;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>Receivers that do not do as they should.</summary>
public sealed class AlertDeliveryTests : IAsyncLifetime
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    private AlertRig rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0.5)]
    [InlineData(3, 0, 4)]
    [InlineData(3, 0.5, 3)]
    [InlineData(7, 0, 60)]
    [InlineData(1000, 0, 60)]
    public void Pause_Doubles_WithARandomPart_UpToAMinute(int tries, double draw, double seconds) =>
        Assert.Equal(seconds, AlertSender.Pause(tries, draw).TotalSeconds, 9);

    [Fact]
    public async Task Receiver_Failing_IsTriedWithGrowingPauses_AndTakesItOnce()
    {
        Answers(500, 500, 200);
        await RedAsync();

        Assert.Equal(TimeSpan.FromSeconds(1), await rig.Slack.SendNextAsync(Token));
        Assert.Equal(TimeSpan.FromSeconds(2), await rig.Slack.SendNextAsync(Token));
        Assert.Equal(TimeSpan.Zero, await rig.Slack.SendNextAsync(Token));
        Assert.Null(await rig.Slack.SendNextAsync(Token));
        Assert.Equal(3, rig.Receiver.BodiesTo(AlertRig.SlackPath).Count);
    }

    [Fact]
    public async Task Receiver_ThatSaysWhenToReturn_IsLeftAloneUntilThen()
    {
        rig.Receiver.Answer = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "17");
            return Task.CompletedTask;
        };
        await RedAsync();

        Assert.Equal(TimeSpan.FromSeconds(17), await rig.Slack.SendNextAsync(Token));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(302)]
    public async Task Receiver_ThatRefusesOrRedirects_IsNotAskedAgain_AndTheMessageIsPutAside(int status)
    {
        rig.Receiver.Answer = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (status, "/elsewhere");
            return Task.CompletedTask;
        };
        await RedAsync();

        Assert.Equal(TimeSpan.Zero, await rig.Slack.SendNextAsync(Token));

        Assert.Null(await rig.Slack.SendNextAsync(Token));
        Assert.Single(rig.Receiver.BodiesTo(AlertRig.SlackPath));
        Assert.Empty(rig.Receiver.BodiesTo("/elsewhere"));
        var aside = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(rig["monitoring/alerts-undelivered.jsonl"], Token)));
        // Lines of JSON and nothing else: no mark of the encoding in front.
        Assert.Equal((byte)'{', (await File.ReadAllBytesAsync(rig["monitoring/alerts-undelivered.jsonl"], Token))[0]);
        Assert.Equal(("slack", $"it answers with status {status}"), (aside.RootElement.GetProperty("channel").GetString(),
            aside.RootElement.GetProperty("because").GetString()));
    }

    [Fact]
    public async Task Receiver_ThatSpeaksNoHttp_IsQuotedWithoutControlCharacters_AndInShort()
    {
        rig.Receiver.Answer = async http =>
        {
            var said = "\0\u001b[31mred\u0007\u0085\ud83d" + new string('x', 5000) + "\r\n\r\n";
            await http.Features.Get<IConnectionTransportFeature>()!.Transport.Output.WriteAsync(
                Encoding.Latin1.GetBytes(said), Token);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await RedAsync();

        Assert.Equal(TimeSpan.FromSeconds(1), await rig.Slack.SendNextAsync(Token));

        var line = Assert.Single(rig.SenderLog.Messages);
        Assert.Contains("[31mred", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.InRange(line.Length, 1, 600);
    }

    [Fact]
    public async Task Receiver_DownForAQuarterOfAnHour_IsGivenUp_AndTheNextMessageIsTried()
    {
        rig.Receiver.Answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TimeSpan.FromMinutes(20));
        Assert.Equal(2, (await File.ReadAllLinesAsync(rig["monitoring/alerts-undelivered.jsonl"], Token)).Length);

        rig.Receiver.Answer = _ => Task.CompletedTask;
        rig.Reads(AlertRules.Disk, 0.5);
        await rig.PassAsync(TwoMinutes);

        Assert.Equal("RecSys: Resolved: disk_free",
            rig.Receiver.BodiesTo(AlertRig.SlackPath)[^1].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Receiver_ThatHangs_HoldsUpNeitherLooksNorTheOther_AndIsTriedAgain()
    {
        var hanging = new TaskCompletionSource();
        rig.Receiver.Answer = http => http.Request.Path == AlertRig.SlackPath ? hanging.Task : Task.CompletedTask;
        await RedAsync();

        var sending = rig.Slack.SendNextAsync(Token);
        await Hosting.Calls.EventuallyAsync(() => Task.FromResult(rig.Receiver.BodiesTo(AlertRig.SlackPath).Count), count => count == 1);
        rig.Reads(AlertRules.Night, 1);
        rig.Center.Look();
        Assert.Equal(AlertLevel.Yellow, rig.LevelOf(AlertRules.Night));
        Assert.Equal(TimeSpan.Zero, await rig.PagerDuty.SendNextAsync(Token));
        Assert.False(sending.IsCompleted);

        rig.Clock.Advance(AlertSender.LongestAnswer);
        Assert.Equal(TimeSpan.FromSeconds(1), await sending);
        hanging.SetResult();
        Assert.Equal(TimeSpan.Zero, await rig.Slack.SendNextAsync(Token));
        Assert.Equal(2, rig.Receiver.BodiesTo(AlertRig.SlackPath).Count);
    }

    [Fact]
    public async Task Secrets_AreInNoFileAndNoLine()
    {
        Answers(500, 500, 400, 400, 400, 400);
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);

        var written = Directory.EnumerateFiles(rig[""], "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".json" or ".jsonl" or ".md" or ".svg").Select(File.ReadAllText).ToList();
        Assert.True(written.Count > 2);
        Assert.NotEmpty(rig.SenderLog.Messages);
        Assert.All(written.Concat(rig.SenderLog.Messages).Concat(rig.CenterLog.Messages),
            text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Undelivered_IsBounded()
    {
        var file = new UndeliveredFile(rig["undelivered.jsonl"]);
        var message = new AlertMessage(
            1, "slack", false, "incident", AlertLevel.Red, rig.Clock.GetUtcNow(), "t", [new string('x', 100_000)]);
        for (var at = 0; at < 50; at++) file.Add(message, rig.Clock.GetUtcNow(), "down");

        Assert.Equal(2, Directory.GetFiles(rig[""], "undelivered*").Length);
        Assert.All(Directory.GetFiles(rig[""], "undelivered*"),
            path => Assert.InRange(new FileInfo(path).Length, 1, UndeliveredFile.MaxBytes + 200_000));
    }

    [Fact]
    public void Messages_BeyondTheBound_AreHandedOverOnce()
    {
        var outbox = new Outbox(2);
        foreach (var title in (string[])["a", "b", "c"])
            outbox.Add(id => new AlertMessage(id, "slack", false, "i", AlertLevel.Red, rig.Clock.GetUtcNow(), title, []));

        Assert.Equal(["b", "c"], outbox.Waiting.Select(message => message.Title));
        Assert.Equal(["a"], outbox.TakeOverflow().Select(message => message.Title));
        Assert.Empty(outbox.TakeOverflow());
    }

    [Fact]
    public async Task Address_ThatIsNotPublic_IsRefusedWhenItIsResolved()
    {
        using var strict = ReceiverHttp.Create(allowPrivate: false);

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => strict.GetAsync(rig.Receiver.Address, Token));

        Assert.Contains("AllowPrivateAddress", fault.Message, StringComparison.Ordinal);
        using var lenient = ReceiverHttp.Create(allowPrivate: true);
        // Where machines of a cloud keep their keys nobody is sent, whatever the settings say.
        fault = await Assert.ThrowsAsync<HttpRequestException>(() => lenient.GetAsync(new Uri("http://169.254.169.254/latest/"), Token));
        Assert.Contains("link-local", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Receivers_WithoutSettings_AreNone() => Assert.Empty(AlertServices.ReceiversOf(new AlertOptions(), isDevelopment: false));

    [Fact]
    public void Receivers_FromFiles_AreReadWithoutTheirLineEnds()
    {
        File.WriteAllText(rig["slack"], "https://hooks.example.com/services/T/B/x\n");
        File.WriteAllText(rig["key"], "0123456789abcdef\n");
        var options = new AlertOptions { SlackUrlFile = rig["slack"], PagerDutyRoutingKeyFile = rig["key"] };

        var receivers = AlertServices.ReceiversOf(options, isDevelopment: false);

        Assert.Equal([new Uri("https://hooks.example.com/services/T/B/x"), new Uri("https://events.pagerduty.com/v2/enqueue")],
            receivers.Select(receiver => receiver.Address));
        Assert.Equal([("slack", AlertLevel.Yellow), ("pagerduty", AlertLevel.Red)],
            receivers.Select(receiver => (receiver.Channel.Name, receiver.Channel.Least)));
    }

    [Theory]
    [InlineData("http://hooks.example.com/services/secret", "https outside Development")]
    [InlineData("ftp://hooks.example.com/secret", "must be an address")]
    [InlineData("https://user:secret@hooks.example.com/", "must be an address")]
    public void Receivers_OutsideDevelopment_MustBeHttps_AndTheFaultKeepsTheSecret(string address, string because)
    {
        var fault = Assert.Throws<RecSysException>(
            () => AlertServices.ReceiversOf(new AlertOptions { SlackUrl = address }, isDevelopment: false));

        Assert.Contains(because, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "there is no file")]
    [InlineData("", "with one line")]
    [InlineData("https://hooks.example.com/secret\nhttps://hooks.example.com/secret\n", "with one line")]
    public void Receivers_WithAFileThatCannotBeUsed_AreRefused(string? content, string because)
    {
        if (content is not null) File.WriteAllText(rig["slack"], content);

        var fault = Assert.Throws<RecSysException>(
            () => AlertServices.ReceiversOf(new AlertOptions { SlackUrlFile = rig["slack"] }, isDevelopment: true));

        Assert.Contains(because, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    // To either receiver one after another; the last one stays.
    private void Answers(params int[] statuses)
    {
        var left = new Queue<int>(statuses);
        rig.Receiver.Answer = http =>
        {
            http.Response.StatusCode = left.Count > 1 ? left.Dequeue() : left.Peek();
            return Task.CompletedTask;
        };
    }

    // A message waits for either receiver, and nothing was sent yet.
    private Task RedAsync()
    {
        rig.Reads(AlertRules.Disk, 0.01);
        for (var look = 0; look < 12; look++)
        {
            rig.Clock.Advance(AlertRig.Every);
            rig.Center.Look();
        }
        return Task.CompletedTask;
    }
}
