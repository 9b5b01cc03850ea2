using System.Text.Json.Nodes;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Evaluation;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>What is told of alerts and when: together, once, not while it is silenced, and over a restart.</summary>
public sealed class AlertCenterTests : IAsyncLifetime
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task Alerts_WithinAMinute_AreOneMessage_LaterOnesAnother()
    {
        rig.Reads(AlertRules.Disk, 0.08);
        await rig.PassAsync(TimeSpan.FromSeconds(40));
        rig.Reads(AlertRules.Quality, 0.8);
        await rig.PassAsync(TwoMinutes);

        var message = Assert.Single(SlackTexts());
        Assert.Equal("RecSys: RED: quality_rate, disk_free", message);
        var page = Assert.Single(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));
        Assert.Equal(2, page.GetProperty("payload").GetProperty("custom_details").GetProperty("alerts").EnumerateArray()
            .Count(line => !line.GetString()!.StartsWith("done", StringComparison.Ordinal)));

        rig.Reads(AlertRules.Night, 1, "out of memory");
        await rig.PassAsync(TwoMinutes);
        Assert.Equal("RecSys: Yellow: night_failed", SlackTexts()[^1]);

        // The first two are over only when both are green.
        rig.Reads(AlertRules.Disk, 0.5);
        await rig.PassAsync(TwoMinutes);
        Assert.Equal(2, SlackTexts().Count);
        rig.Reads(AlertRules.Quality, 0.99);
        await rig.PassAsync(TwoMinutes);
        Assert.Equal(["RecSys: Resolved: quality_rate, disk_free"], SlackTexts().Skip(2));
    }

    [Fact]
    public async Task Alert_ThatIsOverBeforeItIsTold_IsInTheHistoryAlone()
    {
        rig.Reads(AlertRules.Disk, 0.08);
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        rig.Reads(AlertRules.Disk, 0.5);
        await rig.PassAsync(TwoMinutes);

        Assert.Empty(SlackTexts());
        Assert.Equal([("yellow", "green"), ("green", "yellow")],
            rig.Center.Read().History.Select(entry => (entry.From.Name(), entry.To.Name())));
    }

    [Fact]
    public async Task Silence_HoldsBackMessagesAndActions_UntilItEnds()
    {
        var silence = rig.Center.Silence("disk_free", rig.Clock.GetUtcNow().AddMinutes(10), "u-1", "we clean up")!;
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(AlertLevel.Red, rig.Light);
        Assert.Equal((0, 0), (SlackTexts().Count, rig.Audited.Count));
        Assert.Equal([silence], rig.Center.Read().Silences);

        await rig.PassAsync(TimeSpan.FromMinutes(6));

        Assert.Equal("RecSys: RED: disk_free", Assert.Single(SlackTexts()));
        Assert.Equal("post_mortem", Assert.Single(rig.Audited).Act.Action);
        Assert.Empty(rig.Center.Read().Silences);
    }

    [Fact]
    public async Task Silence_OfAll_AfterTheMessage_StillLetsItResolve()
    {
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);
        rig.Center.Silence(Silence.EveryRule, rig.Clock.GetUtcNow().AddHours(1), "u-1", "a deployment");
        rig.Reads(AlertRules.Disk, 0.5);
        await rig.PassAsync(TwoMinutes);

        Assert.Equal(["RecSys: RED: disk_free", "RecSys: Resolved: disk_free"], SlackTexts());
    }

    [Fact]
    public async Task Silence_OfTheRedOne_LetsTheYellowOneThrough_AndTellsRedWhenItEnds()
    {
        var silence = rig.Center.Silence("disk_free", rig.Clock.GetUtcNow().AddHours(1), "u-1", "we clean up")!;
        rig.Reads(AlertRules.Disk, 0.01);
        rig.Reads(AlertRules.Night, 1);
        await rig.PassAsync(TwoMinutes);
        Assert.Equal(["RecSys: Yellow: night_failed"], SlackTexts());

        Assert.True(rig.Center.EndSilence(silence.Id));
        Assert.False(rig.Center.EndSilence(silence.Id));
        await rig.PassAsync(TwoMinutes);

        Assert.Equal("RecSys: RED: night_failed, disk_free", SlackTexts()[^1]);
        Assert.Single(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));
    }

    // On a full disk somebody must be able to silence what that sets off, and has to know that a restart forgets it.
    [Fact]
    public async Task Silence_ThatCannotBeStored_IsInForceAndStoredAsSoonAsItCanBe()
    {
        Directory.CreateDirectory(rig["monitoring/alerts.json"]);
        rig.Center.Silence("disk_free", rig.Clock.GetUtcNow().AddHours(1), "u-1", "we clean up");
        Assert.Equal((false, false), (rig.Center.IsStored, rig.Center.Read().IsStored));
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);
        Assert.Empty(SlackTexts());
        await using (var forgetful = rig.Restarted()) Assert.Empty(forgetful.Center.Read().Silences);

        Directory.Delete(rig["monitoring/alerts.json"]);
        await rig.PassAsync(AlertRig.Every);

        Assert.Equal((true, true), (rig.Center.IsStored, rig.Center.Read().IsStored));
        await using var again = rig.Restarted();
        Assert.Equal("disk_free", Assert.Single(again.Center.Read().Silences).Rule);
    }

    [Fact]
    public void Silences_AreBounded()
    {
        var until = rig.Clock.GetUtcNow().AddHours(1);
        for (var at = 0; at < AlertCenter.MostSilences; at++) Assert.NotNull(rig.Center.Silence("cpu", until, "u-1", "again"));

        Assert.Null(rig.Center.Silence("cpu", until, "u-1", "one too many"));
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAnAlert_IsNotToldTwice_AndItsEndIsTold()
    {
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);
        rig.Center.Silence("psi", rig.Clock.GetUtcNow().AddHours(1), "u-1", "a sale");
        var before = rig.Center.Read();

        await using var again = rig.Restarted();
        Assert.Equal(AlertLevel.Red, again.Light);
        Assert.Equal(before.History, again.Center.Read().History);
        Assert.Equal(before.Silences, again.Center.Read().Silences);
        await again.PassAsync(TwoMinutes);
        Assert.Equal(["RecSys: RED: disk_free"], SlackTexts());
        Assert.Empty(again.Audited);

        again.Reads(AlertRules.Disk, 0.5);
        await again.PassAsync(TwoMinutes);
        Assert.Equal(["RecSys: RED: disk_free", "RecSys: Resolved: disk_free"], SlackTexts());
        Assert.Equal(["trigger", "resolve"],
            rig.Receiver.BodiesTo(AlertRig.PagerDutyPath).Select(post => post.GetProperty("event_action").GetString()));
    }

    [Fact]
    public async Task Restart_WithDataMissing_StaysAsItWas()
    {
        rig.Reads(AlertRules.Errors, 0.02);
        await rig.PassAsync(TwoMinutes);
        rig.Reads(AlertRules.Errors, (double?)null);
        await using var again = rig.Restarted();
        await again.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(AlertLevel.Red, again.LevelOf(AlertRules.Errors));
        Assert.Equal(["RecSys: RED: error_rate"], SlackTexts());
    }

    [Fact]
    public async Task Restart_BeforeTheMessageWasTaken_SendsItThen()
    {
        rig.Receiver.Answer = http => AnswerAsync(http, 503);
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);
        var tries = SlackTexts().Count;

        rig.Receiver.Answer = _ => Task.CompletedTask;
        await using var again = rig.Restarted();
        await again.PassAsync(TwoMinutes);

        Assert.True(tries > 1);
        Assert.Equal(tries + 1, SlackTexts().Count);
    }

    [Fact]
    public async Task Memory_ThatIsDamaged_IsLeftAside()
    {
        Directory.CreateDirectory(rig["monitoring"]);
        await File.WriteAllTextAsync(rig["monitoring/alerts.json"], """{"active":{"disk_free":""", TestContext.Current.CancellationToken);

        await using var again = rig.Restarted();
        again.Reads(AlertRules.Disk, 0.01);
        await again.PassAsync(TwoMinutes);

        Assert.Contains("is left aside", Assert.Single(again.CenterLog.Messages.Take(1)), StringComparison.Ordinal);
        Assert.Single(SlackTexts());
    }

    [Theory]
    [InlineData("incidents", "[null]")]
    [InlineData("incidents", """[{"id":"a","opened":"2026-03-01T00:00:00Z","rules":[],"announced":"Red"}]""")]
    [InlineData("incidents", """[{"id":"a","opened":"2026-03-01T00:00:00Z","rules":["cpu"],"acts":[null]}]""")]
    [InlineData("history", "[null]")]
    [InlineData("silences", "[null]")]
    [InlineData("outbox", "[null]")]
    [InlineData("owed", "[null]")]
    [InlineData("owed", """
        [{"action":"post_mortem","incident":{"id":"a","opened":"2026-03-01T00:00:00Z","rules":["cpu"]},"alerts":[null],"tries":1,
          "since":"2026-03-01T00:00:00Z","next":"2026-03-01T00:00:00Z","fault":"x"}]
        """)]
    [InlineData("active", """{"cpu":null}""")]
    [InlineData("active", """{"cpu":{"level":7,"since":"2026-03-01T00:00:00Z","began":"2026-03-01T00:00:00Z","value":1}}""")]
    [InlineData("active", """{"cpu":{"level":"Red","since":"2026-03-01T00:00:00Z","began":"2026-03-01T00:00:00Z","value":1e999}}""")]
    public async Task Memory_ThatNoProcessWrote_IsLeftAside(string field, string value)
    {
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(TwoMinutes);
        var kept = JsonNode.Parse(
            await File.ReadAllTextAsync(rig["monitoring/alerts.json"], TestContext.Current.CancellationToken))!;
        kept[field] = JsonNode.Parse(value);
        await File.WriteAllTextAsync(rig["monitoring/alerts.json"], kept.ToJsonString(), TestContext.Current.CancellationToken);

        await using var again = rig.Restarted();

        Assert.Contains("is left aside", Assert.Single(again.CenterLog.Messages), StringComparison.Ordinal);
        Assert.Equal((AlertLevel.Green, 0), (again.Light, again.Center.Read().History.Count));
        await again.PassAsync(TwoMinutes);
        Assert.Equal(["RecSys: RED: disk_free", "RecSys: RED: disk_free"], SlackTexts());
    }

    [Fact]
    public async Task ClockSetBack_ByADay_HoldsUpNoAlert()
    {
        rig.Reads(AlertRules.Errors, 0.2);
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        // Bad for twenty seconds, and one alert waits for others: both go on as if nothing had been.
        rig.Reads(AlertRules.Disk, 0.08);
        await rig.PassAsync(AlertRig.Every);
        rig.Clock.AdjustTime(rig.Clock.GetUtcNow().AddDays(-1));
        await rig.PassAsync(TwoMinutes);

        Assert.Equal(AlertLevel.Red, rig.LevelOf(AlertRules.Errors));
        Assert.Equal("RecSys: RED: error_rate, disk_free", Assert.Single(SlackTexts()));
    }

    [Fact]
    public async Task History_IsBounded_AndKeepsTheNewest()
    {
        await using var small = await AlertRig.StartAsync(new AlertOptions { History = 10 });
        for (var turn = 0; turn < 20; turn++)
        {
            small.Reads(AlertRules.Night, turn % 2 == 0 ? 1 : 0, $"turn {turn}");
            await small.PassAsync(AlertRig.Every);
        }

        var history = small.Center.Read().History;
        Assert.Equal(10, history.Count);
        Assert.Contains("turn 19", history[0].Summary, StringComparison.Ordinal);
        Assert.Contains("turn 10", history[^1].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_ThatFails_BlindsNoOtherRule()
    {
        rig.Reads(AlertRules.Memory, () => throw new IOException("no such device"));
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassAsync(AlertRig.Every);

        Assert.Equal(AlertLevel.Red, rig.LevelOf(AlertRules.Disk));
        Assert.Contains(rig.CenterLog.Messages, line => line.Contains("no such device", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("latency_p99", "latency_p99")]
    [InlineData("nothing")]
    public void Sources_TwoOfARule_OrOfNone_AreRefused(params string[] rules) =>
        Assert.Throws<InvalidOperationException>(() => new AlertBoard(
            rules.Select(rule => new AlertSource(rule, () => null)), rig.Clock, rig.CenterLog));

    private List<string> SlackTexts() =>
        [.. rig.Receiver.BodiesTo(AlertRig.SlackPath).Select(post => post.GetProperty("text").GetString()!)];

    private static Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
