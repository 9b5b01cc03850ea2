using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Acting;
using RecSys.Core.Monitoring.Alerts.Sources;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>
/// Each fault shows the right light within two minutes, is told once with what is wrong and what was done, and is told to be over.
/// </summary>
public sealed class AlertFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2), TenMinutes = TimeSpan.FromMinutes(10);

    private AlertRig rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task SlowStage_IsRed_PagesOnce_AsksForServers_AndResolves()
    {
        var windows = new LatencyWindows(rig.Clock);
        var millisecondsOf = 20.0;
        rig.Reads(AlertRules.Latency, WhileServing(windows, () => millisecondsOf, () => 0, new RequestSources(windows).Latency));
        await rig.PassAsync(TenMinutes);
        Assert.Equal(AlertLevel.Green, rig.Light);

        millisecondsOf = 300;
        var took = await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TimeSpan.FromMinutes(5));

        Assert.InRange(took, TimeSpan.FromSeconds(30), TwoMinutes);
        var (page, text) = ToldRed("latency_p99");
        Assert.Equal("critical", page.GetProperty("payload").GetProperty("severity").GetString());
        // Windows tell a percentile to 0.8 %.
        Assert.Matches(@"Recommendations are slow: (29[89]|30[0-2])(\.\d)? ms, ", text);
        Assert.Contains("red from 150 ms", text, StringComparison.Ordinal);
        Assert.Contains("docs/runbook.md#alert-latency_p99", text, StringComparison.Ordinal);
        Assert.Contains("scale_up", text, StringComparison.Ordinal);
        Assert.Equal(["scale_up", "post_mortem"], rig.Audited.Select(act => act.Act.Action));

        millisecondsOf = 20;
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Green, TenMinutes);
        ToldResolved(page);
    }

    [Fact]
    public async Task SlowStage_RightBehindAPromotion_RollsTheModelBackOnce()
    {
        await PromoteAsync("v1.0.0");
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        await PromoteAsync("v1.0.1");
        rig.Reads(AlertRules.Latency, 0.02);
        await rig.PassAsync(TimeSpan.FromMinutes(1));

        rig.Reads(AlertRules.Latency, 0.3);
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TenMinutes);

        var champion = await rig.Models.Registry.ReadChampionAsync(Token);
        Assert.Equal(("v1.0.0", ModelRollback.Actor), (champion!.Version, champion.Actor));
        Assert.Equal("v1.0.0", rig.Models.Pool.Champion);
        Assert.Contains("from v1.0.1 back to v1.0.0", ToldRed("latency_p99").Text, StringComparison.Ordinal);
        var draft = await DraftAsync();
        Assert.Contains("v1.0.1 became champion at 2026-03-01 00:01:00Z, 1 minutes before it began", draft, StringComparison.Ordinal);
        Assert.Contains("rollback, ", draft, StringComparison.Ordinal);

        // What is slow now is the model before, and it stays.
        rig.Reads(AlertRules.Latency, 0.02);
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Green, TenMinutes);
        rig.Reads(AlertRules.Latency, 0.3);
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);

        Assert.Equal("v1.0.0", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);
        var second = rig.Audited.Last(act => act.Act.Action == "rollback").Act.Outcome;
        Assert.Contains("v1.0.0 is what was gone back to before", second, StringComparison.Ordinal);
        Assert.Equal(1, (await rig.Models.Registry.TransitionsAsync(null, 100, Token)).Count(change => change.Actor == ModelRollback.Actor
            && change.To == ModelState.Champion));
    }

    [Fact]
    public async Task Errors_WithAnOldChampion_AreRedAndRollNothingBack()
    {
        await PromoteAsync("v1.0.0");
        await PromoteAsync("v1.0.1");
        rig.Clock.Advance(TimeSpan.FromHours(25));
        var windows = new LatencyWindows(rig.Clock);
        var failing = 0.0;
        rig.Reads(AlertRules.Errors, WhileServing(windows, () => 20, () => failing, new RequestSources(windows).Errors));
        await rig.PassAsync(TenMinutes);
        Assert.Equal(AlertLevel.Green, rig.Light);

        failing = 0.05;
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TimeSpan.FromMinutes(5));

        var (page, text) = ToldRed("error_rate");
        Assert.Contains("Requests for recommendations fail", text, StringComparison.Ordinal);
        Assert.Contains("v1.0.1 has been champion for 25 h", text, StringComparison.Ordinal);
        Assert.Equal("v1.0.1", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);

        failing = 0;
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Green, TimeSpan.FromMinutes(15));
        ToldResolved(page);
    }

    [Fact]
    public async Task Trouble_FromBeforeThePromotion_RollsNothingBack()
    {
        await PromoteAsync("v1.0.0");
        rig.Reads(AlertRules.Errors, 0.2);
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        await PromoteAsync("v1.0.1");

        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TwoMinutes);

        Assert.Equal("v1.0.1", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);
        Assert.Contains("began before v1.0.1 became champion", ToldRed("error_rate").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClickRateDrop_Half_IsRedAndRollsBack_AThirdIsYellow()
    {
        await PromoteAsync("v1.0.0");
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        await PromoteAsync("v1.0.1");
        rig.Reads(AlertRules.ClickRateDrop, 0.35, "0.030 after 0.046");
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Yellow, TwoMinutes);
        await rig.PassAsync(TwoMinutes);

        var yellow = Assert.Single(rig.Receiver.BodiesTo(AlertRig.SlackPath));
        Assert.Equal("warning", yellow.GetProperty("attachments")[0].GetProperty("color").GetString());
        Assert.Contains(
            "Users click less than they did: 35 % (0.030 after 0.046), yellow from 30 %", Text(yellow), StringComparison.Ordinal);
        Assert.Empty(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));
        Assert.Equal("v1.0.1", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);

        rig.Reads(AlertRules.ClickRateDrop, 0.6);
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TwoMinutes);

        Assert.Equal("v1.0.0", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);
        Assert.Equal(2, rig.Receiver.BodiesTo(AlertRig.SlackPath).Count);
        var page = Assert.Single(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));

        rig.Reads(AlertRules.ClickRateDrop, 0.05);
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Green, TenMinutes);
        ToldResolved(page);
    }

    [Fact]
    public async Task ShiftedCategoryMix_IsRed_NamesTheMix_AndRollsNothingBack()
    {
        await PromoteAsync("v1.0.0");
        await PromoteAsync("v1.0.1");
        rig.Reads(AlertRules.Drift, 0.03, "category mix");
        await rig.PassAsync(TwoMinutes);

        rig.Reads(AlertRules.Drift, 0.23, "category mix");
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TwoMinutes);

        var (page, text) = ToldRed("psi");
        Assert.Contains("0.23 (category mix), red from 0.2", text, StringComparison.Ordinal);
        Assert.Equal("v1.0.1", (await rig.Models.Registry.ReadChampionAsync(Token))!.Version);
        Assert.Equal(["post_mortem"], rig.Audited.Select(act => act.Act.Action));

        rig.Reads(AlertRules.Drift, 0.05, "category mix");
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Green, TenMinutes);
        ToldResolved(page);
    }

    [Fact]
    public async Task FullDisk_IsRed_AndGreenWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(8);
        using var machine = new MachineWatch(
            Options.Create(new MonitoringOptions()), disk.Path, rig.Clock, NullLogger<MachineWatch>.Instance);
        rig.Reads(AlertRules.Disk, new MachineSources(machine).Disk);
        await rig.PassAsync(TwoMinutes);
        Assert.Equal(AlertLevel.Green, rig.Light);

        disk.Fill(leave: 200 << 10);
        var took = await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TwoMinutes);

        Assert.True(took <= AlertRig.Every, "A disk does not become full by chance: one look is enough.");
        var (page, text) = ToldRed("disk_free");
        Assert.Contains("0 MiB left", text, StringComparison.Ordinal);

        disk.Free();
        await rig.PassAsync(AlertRig.Every);
        Assert.Equal(AlertLevel.Green, rig.Light);
        ToldResolved(page);
    }

    [Fact]
    public async Task StaleModel_IsYellowAfterTwoDays_RedAfterSeven_AndGreenWithANewOne()
    {
        var live = new LiveState(1, new MemoryUserStates(), storeIsEmpty: true, new EventOptions(), []);
        live.FollowsClock = true;
        rig.Reads(AlertRules.StaleModel, new ChampionAge(rig.Models.Pool, live, rig.Clock).Read);
        await PromoteAsync("v1.0.0", trainedTo: rig.Clock.GetUtcNow());
        await rig.PassAsync(TwoMinutes);
        Assert.Equal(AlertLevel.Green, rig.Light);

        rig.Clock.Advance(TimeSpan.FromDays(2));
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Yellow, TwoMinutes);
        await rig.PassAsync(TwoMinutes);
        Assert.Contains("The champion is old: 48.1 h (v1.0.0), yellow from 48 h",
            Text(Assert.Single(rig.Receiver.BodiesTo(AlertRig.SlackPath))), StringComparison.Ordinal);

        rig.Clock.Advance(TimeSpan.FromDays(5));
        await rig.PassUntilAsync(() => rig.Light == AlertLevel.Red, TwoMinutes);
        await rig.PassAsync(TwoMinutes);
        var page = Assert.Single(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));

        await PromoteAsync("v1.0.1", trainedTo: rig.Clock.GetUtcNow());
        await rig.PassAsync(AlertRig.Every);
        Assert.Equal(AlertLevel.Green, rig.Light);
        ToldResolved(page);
    }

    // A hundred requests in ten seconds, ahead of every look.
    private static Func<AlertReading?> WhileServing(
        LatencyWindows windows, Func<double> milliseconds, Func<double> failing, Func<AlertReading?> read) => () =>
    {
        Span<long> parts = stackalloc long[RequestParts.Count];
        for (var request = 0; request < 100; request++)
            windows.Record((long)(milliseconds() * 1e6), parts, failed: request < 100 * failing());
        windows.Turn();
        return read();
    };

    private async Task PromoteAsync(string version, DateTimeOffset? trainedTo = null)
    {
        if (trainedTo is { } to)
        {
            var contents = TestModels.Contents() with { TrainingWindow = new TrainingWindow(to.AddDays(-7), to, 1000) };
            await BundleWriter.PublishAsync(rig.Models.Registry.ModelsRoot, version, contents, Token);
        }
        else
        {
            await rig.Models.PublishAsync(version);
        }
        await rig.Models.Registry.SetChampionAsync(version, Token);
        Assert.True(await rig.Models.Watcher.CheckAsync(Token));
    }

    // Exactly one message to either receiver.
    private (JsonElement Page, string Text) ToldRed(string rule)
    {
        var slack = Assert.Single(rig.Receiver.BodiesTo(AlertRig.SlackPath));
        Assert.Equal(($"RecSys: RED: {rule}", "danger"), (slack.GetProperty("text").GetString(),
            slack.GetProperty("attachments")[0].GetProperty("color").GetString()));
        var page = Assert.Single(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));
        Assert.Equal(("trigger", AlertRig.RoutingKey), (page.GetProperty("event_action").GetString(),
            page.GetProperty("routing_key").GetString()));
        Assert.Equal($"RecSys on test-server: RED: {rule}", page.GetProperty("payload").GetProperty("summary").GetString());
        return (page, Text(slack));
    }

    // One more message to either, and the pager closes what it opened.
    private void ToldResolved(JsonElement page)
    {
        var pages = rig.Receiver.BodiesTo(AlertRig.PagerDutyPath);
        Assert.Equal(2, pages.Count);
        Assert.Equal(("resolve", page.GetProperty("dedup_key").GetString()), (pages[1].GetProperty("event_action").GetString(),
            pages[1].GetProperty("dedup_key").GetString()));
        var last = rig.Receiver.BodiesTo(AlertRig.SlackPath)[^1];
        Assert.StartsWith("RecSys: Resolved: ", last.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("good", last.GetProperty("attachments")[0].GetProperty("color").GetString());
        Assert.Single(rig.Receiver.BodiesTo(AlertRig.SlackPath),
            post => post.GetProperty("text").GetString()!.StartsWith("RecSys: Resolved", StringComparison.Ordinal));
    }

    private static string Text(JsonElement slack) => slack.GetProperty("attachments")[0].GetProperty("text").GetString()!;

    private async Task<string> DraftAsync()
    {
        var folder = Assert.Single(Directory.GetDirectories(rig["postmortems"]));
        Assert.Equal("svg", System.Xml.Linq.XDocument.Load(Path.Combine(folder, "latency_p99.svg")).Root!.Name.LocalName);
        var draft = await File.ReadAllTextAsync(Path.Combine(folder, PostMortemDraft.FileName), Token);
        Assert.Contains("](latency_p99.svg)", draft, StringComparison.Ordinal);
        return draft;
    }
}
