using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Acting;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>A draft of a post-mortem that cannot be written: a file stands where its folder belongs.</summary>
public sealed class OwedActTests : IAsyncLifetime
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2), TenMinutes = TimeSpan.FromMinutes(10);

    private AlertRig rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        await File.WriteAllTextAsync(rig["postmortems"], "in the way", Token);
        rig.Reads(AlertRules.Disk, 0.01);
        await rig.PassUntilAsync(() => rig.Center.Read().Owed.Count > 0, TwoMinutes);
    }

    public async ValueTask DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task Draft_ThatCannotBeWritten_IsToldAndTriedAgain()
    {
        await rig.PassAsync(TenMinutes);

        var owed = Assert.Single(rig.Center.Read().Owed);
        // 30 s, a minute, two and four behind the first.
        Assert.Equal(("post_mortem", 5), (owed.Action, owed.Tries));
        Assert.NotEmpty(owed.Fault);
        var act = Assert.Single(rig.Audited).Act;
        Assert.Equal($"failed, and is tried again: {owed.Fault}", act.Outcome);
        Assert.Equal([act], Assert.Single(rig.Center.Read().Incidents).Acts);
        Assert.Contains(rig.ActingLog.Messages, line => line.StartsWith("post_mortem of ", StringComparison.Ordinal)
            && line.Contains("it is tried again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draft_WhenThereIsRoomAgain_IsWrittenWithWhatIsKnownByThen()
    {
        await rig.PassAsync(TwoMinutes);
        File.Delete(rig["postmortems"]);

        await rig.PassUntilAsync(() => rig.Center.Read().Owed.Count == 0, TenMinutes);

        var draft = await DraftAsync();
        Assert.Contains("disk_free: The disk of the data folder is nearly full: 1 %", draft, StringComparison.Ordinal);
        var acts = Assert.Single(rig.Center.Read().Incidents).Acts;
        Assert.Equal(2, acts.Count);
        Assert.Matches("^draft in postmortems/.*/postmortem.md, after [34] tries$", acts[1].Outcome);
        Assert.Equal(acts, rig.Audited.Select(audited => audited.Act));
        await rig.PassAsync(TenMinutes);
        Assert.Equal(2, rig.Audited.Count);
    }

    [Fact]
    public async Task Draft_OfAnIncidentThatIsOver_IsWrittenAllTheSame_AlsoAfterARestart()
    {
        rig.Reads(AlertRules.Disk, 0.5);
        await rig.PassAsync(TwoMinutes);
        Assert.Empty(rig.Center.Read().Incidents);
        await using var again = rig.Restarted();
        File.Delete(rig["postmortems"]);

        await again.PassUntilAsync(() => again.Center.Read().Owed.Count == 0, TenMinutes);

        Assert.Contains("nearly full: 1 %", await DraftAsync(), StringComparison.Ordinal);
        Assert.Equal("post_mortem", Assert.Single(again.Audited).Act.Action);
    }

    [Fact]
    public async Task Draft_AfterADay_IsGivenUpAndToldSo()
    {
        var began = rig.Clock.GetUtcNow();
        for (var tries = 1; rig.Center.Read().Owed.Count > 0; tries++)
        {
            Assert.True(tries <= OwedAct.MostTries, "It goes on without end.");
            rig.Clock.Advance(OwedAct.LongestPause);
            await rig.PassAsync(AlertRig.Every);
        }

        Assert.InRange(rig.Clock.GetUtcNow() - began, TimeSpan.FromHours(23), TimeSpan.FromHours(26));
        Assert.StartsWith($"given up after {OwedAct.MostTries} tries: ", rig.Audited[^1].Act.Outcome, StringComparison.Ordinal);
        Assert.Contains(rig.ActingLog.Messages,
            line => line.StartsWith("What a red alert sets in motion failed, post_mortem: ", StringComparison.Ordinal));
        File.Delete(rig["postmortems"]);
        await rig.PassAsync(TenMinutes);
        Assert.False(Directory.Exists(rig["postmortems"]));
    }

    [Fact]
    public async Task Draft_ClockSetBack_IsTriedSoon()
    {
        await rig.PassAsync(TenMinutes);
        rig.Clock.AdjustTime(rig.Clock.GetUtcNow() - TimeSpan.FromDays(1));
        File.Delete(rig["postmortems"]);

        await rig.PassAsync(AlertRig.Every);

        Assert.Empty(rig.Center.Read().Owed);
        Assert.NotEmpty(await DraftAsync());
    }

    // Another red alert has the draft written anew: that one counts, and nothing of the failed one is left.
    [Fact]
    public async Task Draft_OfAnotherRedAlert_TakesThePlaceOfTheOneThatFailed()
    {
        File.Delete(rig["postmortems"]);
        rig.Reads(AlertRules.StaleModel, 30 * 86_400);
        await rig.PassAsync(AlertRig.Every);

        Assert.Empty(rig.Center.Read().Owed);
        Assert.Contains("stale_model: ", await DraftAsync(), StringComparison.Ordinal);
    }

    private Task<string> DraftAsync() => File.ReadAllTextAsync(
        Path.Combine(Assert.Single(Directory.GetDirectories(rig["postmortems"])), PostMortemDraft.FileName), Token);
}
