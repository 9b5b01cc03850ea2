using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Models.Reference;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Nightly.Reports;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Features;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>The small pieces of a night by themselves.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightPartsTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LogFiles_ALogWithMergesAndErasedUsers_IsReadAsItWasWritten()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await rig.Database.EventLog.AppendAsync([new UserMerge(NightFixture.World.Users[1].Id, NightFixture.World.Users[2].Id),
            new UserErasure(NightFixture.World.Users[3].Id)], Ct);
        await rig.Database.FinishErasuresAsync(Ct);
        var log = (await rig.Database.Log.ReadWithCountsAsync(null, null, Ct)).Log;
        using var folder = new TemporaryFolder();

        LogFiles.Write(log, folder["items"], folder["users"], folder["events"], Ct);
        var read = LogFiles.Read(folder["items"], folder["users"], folder["events"], Ct);

        Assert.Equal(log.Events.ToArray(), read.Events.ToArray());
        Assert.Equal(log.Positions.ToArray(), read.Positions.ToArray());
        Assert.Equal(log.Merges, read.Merges);
        Assert.Contains(read.Events.ToArray(), e => e.User < 0);
        Assert.Equal(Enumerable.Range(0, log.Users.Count).Select(user => log.Users[user].Id), Enumerable.Range(0, read.Users.Count)
            .Select(user => read.Users[user].Id));
        Assert.Equal(Enumerable.Range(0, log.Users.Count).Select(user => (log.Users[user].Age, log.Users[user].Location)),
            Enumerable.Range(0, read.Users.Count).Select(user => (read.Users[user].Age, read.Users[user].Location)));
        Assert.Equal(log.Items.Count, read.Items.Count);
        Assert.Equal(log.Items[7].Title, read.Items[7].Title);
    }

    [Fact]
    public void StabilityIndex_TwoHistograms_IsTheSumByHand()
    {
        // (49.5/101 - 9.5/101) ln(49.5/9.5) + (51.5/101 - 91.5/101) ln(51.5/91.5), with half a row in each of two bins.
        var expected = (49.5 - 9.5) / 101 * Math.Log(49.5 / 9.5) + (51.5 - 91.5) / 101 * Math.Log(51.5 / 91.5);

        Assert.Equal(expected, StabilityIndex.Of([9, 91], [49, 51]), 1e-12);
        Assert.Equal(0, StabilityIndex.Of([10, 90], [10, 90]), 1e-12);
        Assert.True(double.IsFinite(StabilityIndex.Of([0, 100], [100, 0])));
    }

    [Fact]
    public void SingleFeature_OneThatFollowsTheLabelDownwards_IsFoundTheWayRound()
    {
        float[] values = [1, 5, 2, 5, 3, 1, 4, 1, float.NaN, 2];

        var best = SingleFeature.Best(["noise", "down"], values, [false, false, true, true, true]);

        Assert.Equal(("down", 1.0), (best!.Value.Feature, best.Value.Auc));
    }

    [Fact]
    public void LiftDecile_ScoresThatKnowTheLabel_PutAllClicksFirst()
    {
        var clicked = Enumerable.Range(0, 100).Select(row => row < 10).ToArray();

        var lift = LiftDecile.Of([.. Enumerable.Range(0, 100).Select(row => -(float)row)], clicked);

        Assert.Equal((10, 1.0, 10.0), (lift[0].Rows, lift[0].Rate, lift[0].Lift));
        Assert.All(lift.Skip(1), decile => Assert.Equal(0, decile.Lift));
    }

    [Fact]
    public void TestSegments_UsersOfTheTestPart_AreNewAndSmallSegmentsAreLeftOut()
    {
        // User 0 was there before, user 1 comes with the test part; three impressions out of four are of user 1.
        var events = new List<LogEvent> { new(FeatureLogs.Start, 0, 0, EventType.Impression) };
        for (var i = 0; i < 800; i++) events.Add(new LogEvent(FeatureLogs.Start + 1000 + i, i % 4 == 0 ? 0 : 1, 0, EventType.Impression));
        var log = FeatureLogs.Log([.. events]);
        var shown = new ImpressionSet(log, [.. Enumerable.Range(1, 800)], [.. Enumerable.Range(0, 800).Select(row => row % 3 == 0)]);
        var split = new SplitFile(0, FeatureLogs.Start + 500, FeatureLogs.Start + 900, true, 0, 0, 1, 0, 800);

        var past = new LogPast(
            () => new FeatureState(log.Items), new TurnedTo?[log.Users.Count], new bool[log.Users.Count], []);

        var segments = TestSegments.Of(shown, split, past).ToDictionary(segment => segment.Name, segment => segment.Rows.Length);

        Assert.Equal(600, segments["users=new"]);
        Assert.Equal(200, segments["users=known"]);
        Assert.DoesNotContain("items=new", segments.Keys);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(36, 1.5)]
    [InlineData(-3, 0)]
    public void BehindDays_OfHistoryThatWasImportedYearsLater_CountsFromTheNewestEventThereIs(double hours, double expected)
    {
        var learnt = new DateTimeOffset(2019, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var window = new CollectedLog(
            "log", 1, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 1), 1, 2, 0, 2, 1, 1, 0,
            learnt.AddHours(hours).ToUnixTimeMilliseconds(), 2);

        Assert.Equal(expected, Core.Training.Nightly.Steps.EvaluateStep.BehindDays(new TrainingWindow(default, learnt, 2), window), 1e-9);
    }

    [Fact]
    public void NightRetention_ManyRuns_KeepsTheLatestAndTheirSmallFiles()
    {
        using var folder = new TemporaryFolder();
        for (var day = 1; day <= 6; day++)
        {
            folder.Write($"nights/2026-01-0{day}/gate.json", "{}");
            folder.Write($"nights/2026-01-0{day}/rows.f32", "large");
            folder.Write($"nights/2026-01-0{day}/log/events.bin", "large");
            folder.Write($"nights/2026-01-0{day}/challengers/deep/gate.json", "{}");
            folder.Write($"nights/2026-01-0{day}/challengers/deep/challenger/ranker.txt", "large");
        }
        folder.Write("nights/notes/mine.txt", "stays");

        Assert.Empty(NightRetention.Run(folder["nights"], new DateOnly(2026, 1, 6), keep: 3));

        Assert.Equal(["2026-01-04", "2026-01-05", "2026-01-06", "notes"],
            Directory.GetDirectories(folder["nights"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(folder["nights/2026-01-06/rows.f32"]));
        Assert.True(File.Exists(folder["nights/2026-01-06/challengers/deep/challenger/ranker.txt"]));
        Assert.Equal(["challengers/deep/gate.json", "gate.json"],
            Directory.GetFiles(folder["nights/2026-01-05"], "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder["nights/2026-01-05"], path)).Order(StringComparer.Ordinal));
        Assert.Equal(["challengers"], Directory.GetDirectories(folder["nights/2026-01-05"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Report_OfAWholeNight_TellsEverythingAndNeedsNothingFromElsewhere()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var html = await File.ReadAllTextAsync(Path.Combine(rig.Folder, "report.html"), Ct);

        string[] headings =
            ["Decision", "Comparison", "All figures", "Calibration", "Lift", "leans on", "ten best", "Data", "Steps"];
        foreach (var heading in headings)
            Assert.Contains(heading, html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        foreach (var foreign in (string[])["<script", "http://", "https://", "<link", "<img", ">NaN"])
            Assert.DoesNotContain(foreign, html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(NightFixture.World.Users, user => html.Contains($">{user.Id}<", StringComparison.Ordinal));
        Assert.Equal(html.Split("<tr>").Length, html.Split("</tr>").Length);
    }

    [Fact]
    public void HtmlPage_TextWithSigns_IsEscaped()
    {
        var page = new HtmlPage();
        page.Heading("<b>");
        page.Paragraph("\"&'");
        page.Table([":<c>"], [["<script>alert(1)</script>"]]);

        var html = page.ToHtml("<t>");

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<title>&lt;t&gt;</title>", html, StringComparison.Ordinal);
    }
}
