using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>
/// A night of four challengers: that of the settings and <c>small</c> pass, <c>stump</c> is refused, <c>broken</c> cannot be fitted.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class NightChallengerTests(NightFixture fixture, ChallengerNight night) : IClassFixture<ChallengerNight>
{
    private static readonly string[] Names = ["challenger", "broken", "small", "stump"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TwoThatPass_PublishesBothAndPromotesTheOneThatGainsMostSurely()
    {
        await using var rig = await night.CopyAsync();

        var gates = await GatesAsync(rig);
        Assert.Equal(["challenger", "small"], Names.Where(name => gates[name].Passed));
        // By the criterion itself: the lower end of the gain over popularity.
        Assert.True(LowerEnd(gates["small"]) > LowerEnd(gates["challenger"]));
        var publication = await NightJson.ReadAsync<PublicationFile>(Path.Combine(rig.Folder, "publication.json"), Ct);
        Assert.Equal(("v1.0.0", true, "small"), (publication.Version, publication.Champion, publication.Variant));
        Assert.Equal([new PublishedChallenger("challenger", "v1.0.1")], publication.Others);
        var versions = (await rig.Registry.ListAsync(Ct)).ToDictionary(version => version.Version);
        Assert.Equal(2, versions.Count);
        Assert.Equal((ModelState.Champion, ModelState.Staging), (versions["v1.0.0"].Record!.State, versions["v1.0.1"].Record!.State));
        // Which night, which challenger.
        Assert.Equal(("2026-03-06", "small"), OriginOf(versions["v1.0.0"]));
        Assert.Equal(("2026-03-06", null), OriginOf(versions["v1.0.1"]));
        Assert.All(versions.Values, version => Assert.Equal("nights/2026-03-06/report.html", version.Record!.Lineage.Report));
        var history = await rig.Registry.TransitionsAsync("v1.0.0", 10, Ct);
        Assert.Contains(history, change => change.Reason.StartsWith("passed the gate as small", StringComparison.Ordinal));
        Assert.Contains("v1.0.0 (small) is the champion", night.Night.Verdict, StringComparison.Ordinal);
        Assert.Contains("v1.0.1 (challenger) passed, too, and is in the registry", night.Night.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneThatIsRefusedAndOneThatCannotBeFitted_StopNoOther()
    {
        await using var rig = await night.CopyAsync();

        var gates = await GatesAsync(rig);
        Assert.Contains(gates["stump"].Criteria, one => one is { Name: "auc", Passed: false });
        var unfit = Assert.Single(gates["broken"].Criteria);
        Assert.Equal((GateVerdict.Refused, "sound", false), (gates["broken"].Verdict, unfit.Name, unfit.Passed));
        Assert.Contains("feature_fraction", unfit.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "challengers", "broken", "challenger")));
        Assert.Contains("broken: cannot be fitted", VerdictOf("ranker"), StringComparison.Ordinal);
        // Each that could be judged is asked everything, with its interval.
        foreach (var name in Names.Where(name => name != "broken"))
        {
            foreach (var criterion in (string[])["skew", "auc", "ndcg_at_10", "recall_at_500"])
                Assert.Contains(gates[name].Criteria, one => one.Name == criterion);
            Assert.All(gates[name].Criteria.Where(one => one.Name == "auc"), one => Assert.NotNull(one.Low));
        }
    }

    [Fact]
    public async Task Run_Everywhere_ShowsAllChallengers()
    {
        await using var rig = await night.CopyAsync();
        var report = await File.ReadAllTextAsync(Path.Combine(rig.Folder, "report.html"), Ct);
        var gate = night.Night.Steps.Single(step => step.Step == "gate");

        foreach (var name in Names)
        {
            Assert.Contains($">{name}<", report, StringComparison.Ordinal);
            Assert.Contains($"{name} against popularity: ", gate.Text, StringComparison.Ordinal);
            Assert.Contains(name == "small" || name == "challenger" ? $"{name} first: " : $"{name} refused: ", gate.Verdict,
                StringComparison.Ordinal);
        }
        Assert.EndsWith("best small", gate.Verdict, StringComparison.Ordinal);
        foreach (var heading in (string[])["Challengers", "Decision", "Decision: broken", "Decision: small", "Comparison: stump",
            "Refit: small", "Calibration of the new model: small"])
            Assert.Contains($"<h2>{heading}</h2>", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Comparison: broken</h2>", report, StringComparison.Ordinal);
        Assert.Contains("NumTrees 200, NumLeaves 5, LearningRate 0.1", report, StringComparison.Ordinal);
        Assert.Matches("change +98.75 % of the change +95 % of it +verdict", gate.Text);
        Assert.Contains(">98.75 % of the change<", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OthersBesideIt_ChangeNothingOfTheFirstButHowSurelyItMustBeBetter()
    {
        await using var rig = await night.CopyAsync();
        await using var alone = await NightRig.CopyAsync(fixture, night: true);

        Assert.Equal((await ManifestAsync(alone, "challenger")).Files, (await ManifestAsync(rig, "challenger")).Files);
        var (own, four) = (await EvaluationAsync(alone, ""), await EvaluationAsync(rig, ""));
        Assert.Equal((0.95, 0.9875), (own.Level, four.Level));
        Assert.Equal(0.9875, (await GatesAsync(rig))["stump"].Level);
        foreach (var (before, after) in own.Metrics.Zip(four.Metrics).Where(pair => pair.First.Metric != GateMetrics.Latency))
        {
            Assert.Equal((before.Metric, before.Before, before.After), (after.Metric, after.Before, after.After));
            Assert.True(after.Low <= before.Low && before.High <= after.High, before.Metric);
            if (before.Metric == GateMetrics.Auc) Assert.True(after.High - after.Low > before.High - before.Low);
            // Harm is told as if it were the only one.
            Assert.Equal((null, new Interval(before.Low, before.High)), (before.Alone, after.Alone));
        }
        Assert.NotEmpty(own.Segments);
        Assert.Equal(own.Segments, four.Segments);
    }

    [Fact]
    public async Task Run_OneOfTheOthers_IsWhatANightWithItsSettingsFits()
    {
        await using var rig = await night.CopyAsync();
        await using var plain = await NightRig.CopyAsync(fixture, night: false);
        await RefitRig.TakeOverAsync(
            fixture, plain, options => options.Ranker = options.Ranker with { NumTrees = 200, NumLeaves = 5, LearningRate = 0.1 },
            from: "06-ranker");

        await plain.StopBehindAsync("ranker");

        Assert.Equal(["ranker"], plain.Ran());
        var (small, expected) = (await ManifestAsync(rig, "challengers/small/challenger"), await ManifestAsync(plain, "challenger"));
        Assert.Equal(expected.Files, small.Files);
        Assert.NotEqual((await ManifestAsync(rig, "challenger")).Files, small.Files);
    }

    [Fact]
    public async Task Refit_OfSeveral_IsOfTheBestAlone()
    {
        await using var rig = await night.CopyAsync();

        var refit = await NightJson.ReadAsync<RefitFile>(Path.Combine(rig.Folder, "refit.json"), Ct);
        Assert.True(refit.Outcome == RefitOutcome.Refitted, refit.Remark);
        Assert.Equal("small", refit.Variant);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "refitted")));
        var refitted = await ManifestAsync(rig, "challengers/small/refitted");
        Assert.Equal("small", refitted.Options[NightPublication.VariantOption]);
        Assert.Equal("5", refitted.Options["ranker.num_leaves"]);
        Assert.Equal(refitted.Files, (await rig.Registry.DescribeAsync("v1.0.0", Ct)).Manifest!.Files);
        Assert.Equal((await ManifestAsync(rig, "challenger")).Files, (await rig.Registry.DescribeAsync("v1.0.1", Ct)).Manifest!.Files);
    }

    [Fact]
    public async Task Run_Again_KeepsEverythingAndMakesAnewWhatIsDamaged()
    {
        await using var rig = await night.CopyAsync();
        await rig.RunAsync();
        // The champion is a refit of one of its own, and not what there is to beat.
        Assert.Empty(rig.Ran());
        var file = Path.Combine(rig.Folder, "challengers", "small", "gate.json");
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        await File.WriteAllBytesAsync(file, bytes[..^9], Ct);

        await rig.RunAsync();

        Assert.Equal(["gate"], rig.Ran());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, Ct));
        Assert.Equal(2, (await rig.Registry.ListAsync(Ct)).Count);
    }

    [Fact]
    public async Task Run_RepeatedWithAnotherBest_PutsItInThePlaceOfItsSibling()
    {
        await using var rig = await night.CopyAsync();
        const string file = "challengers/small/gate.json";
        var path = Path.Combine(rig.Folder, file);
        var gate = await NightJson.ReadAsync<GateFile>(path, Ct);
        await NightJson.WriteAsync(path, gate with { Verdict = GateVerdict.Refused }, Ct);
        await NightRig.VouchAsync(rig.Folder, "09-gate", file);

        await rig.RunAsync();

        Assert.Equal(["refit", "publish"], rig.Ran());
        var champion = await rig.Registry.ReadChampionAsync(Ct);
        // The refit of the first one, whose judged form waits from before.
        Assert.Equal(("v1.0.2", "v1.0.0"), (champion!.Version, champion.Predecessor));
        Assert.Equal(
            (await ManifestAsync(rig, "refitted")).Files, (await rig.Registry.DescribeAsync("v1.0.2", Ct)).Manifest!.Files);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "challengers", "small", "refitted")));
        // Neither of the two is what there is to beat.
        await rig.RunAsync();
        Assert.Empty(rig.Ran());
    }

    [Fact]
    public async Task Nightly_KilledWhileItFitsAndWhileItPublishes_GoesOnToBothVersionsOnce()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RefitRig.TakeOverAsync(fixture, rig, options => options.Nightly.Challengers.Add(ChallengerNight.Small), from: "06-ranker");
        string[] arguments =
        [
            .. NightCommandTests.Arguments(rig), "--set", "Training:Nightly:Challengers:0:Name=small",
            "--set", "Training:Nightly:Challengers:0:NumTrees=200", "--set", "Training:Nightly:Challengers:0:NumLeaves=5",
            "--set", "Training:Nightly:Challengers:0:LearningRate=0.1",
        ];

        await NightKillTests.KillWhenAsync(arguments, () => Directory.Exists(Path.Combine(rig.Folder, "challengers", "small")));
        Assert.False(File.Exists(Path.Combine(rig.Folder, "steps", "06-ranker.json")));
        await NightKillTests.KillWhenAsync(arguments, () => Directory.Exists(rig.Registry.FolderOf("v1.0.0")));
        var (code, output, error) = await ProcessRig.RunAsync(arguments);

        Assert.True(code == 0, output + error);
        Assert.Matches("gate +kept", output);
        Assert.Contains("v1.0.0 (small) is the champion; v1.0.1 (challenger) passed, too", output, StringComparison.Ordinal);
        var versions = (await rig.Registry.ListAsync(Ct)).ToDictionary(version => version.Version);
        Assert.Equal(["v1.0.0", "v1.0.1"], versions.Keys.Order(StringComparer.Ordinal));
        await using var whole = await night.CopyAsync();
        Assert.Equal((await ManifestAsync(whole, "challengers/small/challenger")).Files, versions["v1.0.0"].Manifest!.Files);
        Assert.Equal((await ManifestAsync(whole, "challenger")).Files, versions["v1.0.1"].Manifest!.Files);
    }

    [Fact]
    public void Decisions_OfThoseThatPass_TheOneWithTheHighestLowerEndIsTheBest()
    {
        var options = new NightlyOptions();
        foreach (var name in (string[])["a", "b", "c", "d"]) options.Challengers.Add(new ChallengerOptions { Name = name });
        // What gains most on the whole is not what gains most surely, and what was refused is nothing.
        (GateVerdict Verdict, double? Gain, double? Least)[] found =
        [
            (GateVerdict.Improve, 0.03, 0.01), (GateVerdict.Improve, 0.09, 0.002), (GateVerdict.Refused, 0.2, 0.1),
            (GateVerdict.Refresh, 0.02, 0.01), (GateVerdict.Improve, null, null),
        ];

        var decisions = new NightDecisions([.. Challenger.Of(options).Zip(found, (challenger, one) =>
            (challenger, new GateFile("v1.0.0", challenger.Name, one.Verdict, [], one.Gain, []) { LeastGain = one.Least }))]);

        Assert.Equal(["challenger", "c", "a", "d"], decisions.Passed.Select(challenger => challenger.Name));
        Assert.Null(new NightDecisions([decisions.All[2]]).Best);
    }

    private string VerdictOf(string step) => night.Night.Steps.Single(result => result.Step == step).Verdict;

    private static double LowerEnd(GateFile gate) => gate.Criteria.Single(one => one.Name == "auc").Low!.Value;

    private static (string? Day, string? Variant) OriginOf(ModelVersion version) =>
        (version.Manifest!.Options.GetValueOrDefault("night.day"), version.Manifest.Options.GetValueOrDefault("night.variant"));

    private static string PlaceOf(string name) => name == JudgedModel.Challenger ? "" : $"challengers/{name}/";

    private static async Task<Dictionary<string, GateFile>> GatesAsync(NightRig rig)
    {
        var gates = new Dictionary<string, GateFile>();
        foreach (var name in Names)
            gates.Add(name, await NightJson.ReadAsync<GateFile>(Path.Combine(rig.Folder, PlaceOf(name) + "gate.json"), Ct));
        return gates;
    }

    private static Task<NightEvaluation> EvaluationAsync(NightRig rig, string place) =>
        NightJson.ReadAsync<NightEvaluation>(Path.Combine(rig.Folder, place + "evaluation.json"), Ct);

    private static Task<BundleManifest> ManifestAsync(NightRig rig, string path) =>
        BundleManifest.ReadAsync(Path.Combine(rig.Folder, path), Ct);
}
