using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night that begins again says which settings are others, and keeps what the run before it had come to.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightFormerRunsTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FinishedNightWithOtherSettings_NamesThemAndKeepsTheReport()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var report = await File.ReadAllBytesAsync(Path.Combine(rig.Folder, "report.html"), Ct);
        rig.Options.Ranker = rig.Options.Ranker with { NumTrees = 30 };
        rig.Options.Nightly.MinTestUsers = 21;

        await rig.StopBehindAsync("collect");

        const string changed = "settings have changed since: Training:Nightly:MinTestUsers was 20 and is 21, "
            + "Training:Ranker:NumTrees was 40 and is 30.";
        Assert.Contains(rig.Lines, line => line.Contains(changed, StringComparison.Ordinal)
            && line.Contains($"kept in {NightFixture.Day:yyyy-MM-dd}.1", StringComparison.Ordinal));
        Assert.Equal(report, await File.ReadAllBytesAsync(Path.Combine(rig.Folder + ".1", "report.html"), Ct));
        Assert.True(File.Exists(Path.Combine(rig.Folder + ".1", "gate.json")));
        Assert.False(Directory.Exists(Path.Combine(rig.Folder + ".1", "challenger")));
        Assert.False(File.Exists(Path.Combine(rig.Folder, "report.html")));
        // The new run's own log begins with why.
        Assert.Contains(changed, (await File.ReadAllLinesAsync(Path.Combine(rig.Folder, "run.log"), Ct))[0], StringComparison.Ordinal);

        // Of a run that has not ended there is nothing to keep.
        rig.Options.Ranker = rig.Options.Ranker with { NumTrees = 20 };
        await rig.StopBehindAsync("collect");

        Assert.False(Directory.Exists(rig.Folder + ".2"));
        Assert.Equal(report, await File.ReadAllBytesAsync(Path.Combine(rig.Folder + ".1", "report.html"), Ct));
    }

    [Fact]
    public async Task Plan_FinishedNightWithOtherSettings_SaysThatItIsKeptAndMovesNothing()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        rig.Options.Seed++;

        await rig.PlanAsync();

        Assert.Contains(
            rig.Lines, line => line.Contains("Training:Seed was 42 and is 43. What is there would be kept", StringComparison.Ordinal));
        Assert.False(Directory.Exists(rig.Folder + ".1"));
    }

    [Fact]
    public void SetAside_AgainAndAgain_KeepsTheLatestFirst()
    {
        using var folder = new TemporaryFolder();
        var present = new NightFolder(folder["nights"], new DateOnly(2026, 1, 5));
        for (var run = 1; run <= NightFolder.MostFormer + 2; run++)
        {
            folder.Write("nights/2026-01-05/run.json", $"{run}");
            Assert.Equal("2026-01-05.1", present.SetAside().Name);
            Assert.False(Directory.Exists(present.Root));
        }

        var kept = NightFolder.RunsOf(folder["nights"]);

        Assert.Equal(["2026-01-05.1", "2026-01-05.2", "2026-01-05.3"], kept.Select(run => run.Name));
        Assert.Equal(["5", "4", "3"], kept.Select(run => File.ReadAllText(run.Run)));
        Assert.Empty(NightFolder.DaysOf(folder["nights"]));
    }

    [Fact]
    public void NightRetention_FormerRuns_CountLikeThoseOfOtherDays()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["2026-01-06", "2026-01-06.1", "2026-01-06.2", "2026-01-05", "2026-01-05.1", "2026-01-04.x"])
        {
            folder.Write($"nights/{name}/gate.json", "{}");
            folder.Write($"nights/{name}/rows.f32", "large");
        }

        Assert.Empty(NightRetention.Run(folder["nights"], new DateOnly(2026, 1, 6), keep: 4));

        Assert.Equal(["2026-01-04.x", "2026-01-05", "2026-01-06", "2026-01-06.1", "2026-01-06.2"],
            Directory.GetDirectories(folder["nights"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["2026-01-04.x", "2026-01-06"], Directory.GetFiles(folder["nights"], "rows.f32", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Values_OfAllSettings_ChangeWithTheChecksumAndOnlyThen()
    {
        var (options, rollout) = (NightRig.Quick(), RolloutMode.Immediate);
        var (hash, values) = (NightSettings.HashOf(options, rollout), NightSettings.ValuesOf(options, rollout));
        options.Nightly.KeepRuns++;
        options.Schedule.Cron = "0 0 * * *";
        Assert.Equal(hash, NightSettings.HashOf(options, rollout));
        Assert.Equal(values, NightSettings.ValuesOf(options, rollout));

        options.Nightly.Challengers.Add(new() { Name = "deep", NumLeaves = 63 });
        options.TuneBudget = TimeSpan.FromMinutes(5);
        options.Text.Directory = "";
        var now = NightSettings.ValuesOf(options, RolloutMode.Staged);

        Assert.NotEqual(hash, NightSettings.HashOf(options, RolloutMode.Staged));
        Assert.Equal(
            "settings have changed since: Rollout:Mode was Immediate and is Staged, Text:Directory was not set and is empty, "
                + "Training:Nightly:Challengers:0:Name was not set and is deep, "
                + "Training:Nightly:Challengers:0:NumLeaves was not set and is 63, Training:TuneBudget was not set and is 00:05:00",
            NightSettings.Difference(values, now));
        Assert.Contains("did not note", NightSettings.Difference(new Dictionary<string, string>(), now), StringComparison.Ordinal);
        var others = now.ToDictionary(value => value.Key, value => value.Value + "0");
        Assert.EndsWith(
            $", and {now.Count - 6} more (run.json has them all)", NightSettings.Difference(now, others), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_Names_AreThoseOfSettings()
    {
        var options = NightRig.Quick();
        options.Nightly.Challengers.Add(new() { Name = "deep", NumLeaves = 63 });
        string[] assignments =
            [.. NightSettings.ValuesOf(options, RolloutMode.Staged).Select(value => $"{value.Key}={value.Value}")];

        Assert.True(assignments.Length > 100);
        Api.Hosting.SettingNames.Check(Api.Hosting.Settings.Load(assignments), assignments);
    }
}
