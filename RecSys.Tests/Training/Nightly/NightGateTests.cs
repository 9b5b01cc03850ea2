using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Nightly;

/// <summary>What comes of good and of broken challengers.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightGateTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstModel_BetterThanPopularity_BecomesChampion()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);

        var (gate, champion) = (await GateAsync(rig), await rig.Registry.ReadChampionAsync(Ct));

        Assert.Equal((GateVerdict.First, NightOutcome.Published), (gate.Verdict, fixture.Night.Outcome));
        Assert.Null(gate.Champion);
        Assert.Equal("v1.0.0", champion!.Version);
        // The registry has what was judged, file by file.
        var published = await BundleManifest.ReadAsync(rig.Registry.FolderOf("v1.0.0"), Ct);
        var judged = await BundleManifest.ReadAsync(Path.Combine(rig.Folder, "challenger"), Ct);
        Assert.Equal(judged.Files, published.Files);
    }

    [Fact]
    public async Task BetterModel_AgainstAPoorChampion_BecomesChampion()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        // One split, which the gate would not let through.
        rig.Options.Ranker = rig.Options.Ranker with { NumTrees = 1, NumLeaves = 2 };
        await rig.RunAsync();
        var poor = await BundleManifest.ReadAsync(Path.Combine(rig.Folder, "challenger"), Ct);
        await BundlePublisher.PublishAsync(rig.Registry.ModelsRoot, "v1.0.0", folder =>
        {
            foreach (var name in poor.Files.Keys) File.Copy(Path.Combine(rig.Folder, "challenger", name), Path.Combine(folder, name));
            return Task.CompletedTask;
        }, poor, Ct);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        rig.Options.Ranker = NightRig.Quick().Ranker;
        // That much more than one split is no leak.
        rig.Options.Gate.MaxAucGain = 1;

        var result = await rig.RunAsync(NightRig.Request(NightFixture.Day.AddDays(1)));

        var gate = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(result.Folder, "gate.json"), Ct), NightJson.Default.GateFile)!;
        Assert.Equal(("v1.0.0", GateVerdict.Improve), (gate.Champion, gate.Verdict));
        var champion = await rig.Registry.ReadChampionAsync(Ct);
        Assert.Equal(("v1.0.1", "v1.0.0"), (champion!.Version, champion.Predecessor));

        (await rig.Registry.RollbackAsync(null, null, "somebody", "a test", Ct)).OrThrow();
        var again = await rig.RunAsync(NightRig.Request(NightFixture.Day.AddDays(1)));

        Assert.Contains(
            "v1.0.1 was made champion by this night and is retired now, v1.0.0 serves", again.Verdict, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await rig.Registry.ReadChampionAsync(Ct))!.Version);
    }

    [Fact]
    public async Task Staged_GoodModel_IsPublishedAndTheChampionStays()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Rollout = RolloutMode.Staged;

        var result = await rig.RunAsync();

        Assert.Equal(NightOutcome.Published, result.Outcome);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task ShuffledLabels_AreRefusedByAucAndTheRegistryStays()
    {
        await using var rig = await SecondNightAsync();
        var random = new Random(3);
        await rig.AlterLabelsAsync(Second, test: false, (_, _, labels) =>
        {
            for (var i = 0; i < labels.Length; i++) labels[i] = random.NextDouble() < 0.15 ? 1 : 0;
        });
        var models = rig.Snapshot("models");

        var result = await rig.RunAsync(Second);

        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.Contains(Failed(await GateAsync(rig, 1)), name => name == "auc");
        Assert.Equal(models, rig.Snapshot("models"));
        Assert.Contains("v1.0.0 serves on", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorseOnNewUsers_IsRefusedByThatSegment()
    {
        await using var rig = await SecondNightAsync();
        var evaluation = await EvaluationOfSecondAsync(rig);
        // What it measures on everybody stays.
        evaluation = evaluation with
        {
            Segments = [.. evaluation.Segments, new JudgedDifference("auc", 0.7, 0.6, -0.13, -0.07, true, "users=new", 500)],
        };

        var decision = ModelGate.Decide(Core.Training.Nightly.Steps.GateStep.EvidenceOf(evaluation, 0.25), rig.Options.Gate);

        Assert.Equal(GateVerdict.Refused, decision.Verdict);
        Assert.Contains("segment users=new", decision.Criteria.Where(one => !one.Passed).Select(one => one.Name));
    }

    [Fact]
    public async Task FeatureThatKnowsTheLabel_IsRefusedAsALeak()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var clicked = NightFixture.World.GenerateHistory().Where(e => e.Type == EventType.Click)
            .Select(e => (e.RequestId, e.ItemId)).ToHashSet();
        var shown = NightFixture.World.GenerateHistory().Where(e => e.Type == EventType.Impression)
            .GroupBy(e => e.Time.ToUnixTimeMilliseconds())
            .ToDictionary(moment => moment.Key, moment => moment.Where(e => clicked.Contains((e.RequestId, e.ItemId)))
                .Select(e => e.ItemId).ToHashSet());
        var items = NightFixture.World.Items.Select(item => item.Id).ToArray();
        rig.Catalogue = new FeatureCatalogue(
        [
            .. FeatureCatalogue.Default.Features,
            FeatureCatalogue.Default.Features[^1] with
            {
                Name = "clicked", DriftBins = [0.5f], Categorical = false,
                Compute = scope => shown.TryGetValue(scope.Request.NowMs, out var chosen) && chosen.Contains(items[scope.Candidate.Item])
                    ? 1 : 0,
            },
        ]);

        var result = await rig.RunAsync();

        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.Contains("feature_plausible", Failed(await GateAsync(rig)));
        Assert.Contains("clicked alone", result.Steps.Single(step => step.Step == "gate").Verdict, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
    }

    [Fact]
    public async Task ChampionOfOtherFeatures_CannotBeJudgedAndTheNewModelIsAFirstOne()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        rig.Catalogue = new FeatureCatalogue([.. FeatureCatalogue.Default.Features.SkipLast(1)]);

        await rig.RunAsync(Second);

        var evaluation = await EvaluationOfSecondAsync(rig);
        Assert.Null(evaluation.Champion);
        Assert.Contains("other features", evaluation.ChampionRemark, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.First, (await GateAsync(rig, 1)).Verdict);
    }

    [Fact]
    public async Task ChampionThatCannotBeLoaded_StopsTheNightAndNoOtherTakesItsPlace()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var file = Directory.GetFiles(rig.Registry.FolderOf("v1.0.0"), "*.safetensors").First();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^7], Ct);

        var fault = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync(Second));

        Assert.Contains("The champion v1.0.0 cannot be loaded", fault.Message, StringComparison.Ordinal);
        Assert.Contains("models rollback", fault.Message, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await rig.Registry.ReadChampionAsync(Ct))!.Version);
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task OpponentOfARepeatedNightThatCannotBeLoaded_IsNotCalledTheChampion()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var own = await BundleManifest.ReadAsync(rig.Registry.FolderOf("v1.0.0"), Ct);
        // A champion before the one that the night published; the files of the folder are the same, the day is another one's.
        await BundlePublisher.PublishAsync(rig.Registry.ModelsRoot, "v0.9.0", folder =>
        {
            foreach (var name in own.Files.Keys) File.Copy(Path.Combine(rig.Registry.FolderOf("v1.0.0"), name), Path.Combine(folder, name));
            return Task.CompletedTask;
        }, own with { Options = new Dictionary<string, string>() }, rig.Registry.Trust, Ct);
        (await rig.Registry.PromoteAsync("v0.9.0", null, null, "ada", "before", Ct)).OrThrow();
        (await rig.Registry.PromoteAsync("v1.0.0", null, null, "ada", "after", Ct)).OrThrow();
        var file = Directory.GetFiles(rig.Registry.FolderOf("v0.9.0"), "*.safetensors").First();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^7], Ct);

        var fault = await Assert.ThrowsAsync<RecSysException>(
            () => rig.RunAsync(NightRig.Request() with { FromStep = "evaluate" }));

        Assert.StartsWith("v0.9.0 cannot be loaded", fault.Message, StringComparison.Ordinal);
        Assert.Contains("It is not the champion: v1.0.0 is", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("models rollback", fault.Message, StringComparison.Ordinal);
        // What the message promises: the next day's night is compared with what serves.
        await rig.RunAsync(Second);
        Assert.Equal("v1.0.0", (await EvaluationOfSecondAsync(rig)).Champion);
    }

    [Fact]
    public async Task GainThatWasNotBelieved_IsNoMeasureOfLaterNights()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        for (var past = 1; past <= 6; past++)
        {
            var folder = Path.Combine(rig.Data, "nights", $"{NightFixture.Day.AddDays(-past):yyyy-MM-dd}");
            Directory.CreateDirectory(folder);
            // Believed ones of a percent or two, and a leak.
            var leak = past == 6;
            GateFile.Criterion criterion = new(
                GateRule.Always, ModelGate.Plausibility[1], Passed: !leak, leak ? 0.5 : 0.01 * (past % 3), 0.1, null, null, "");
            await NightJson.WriteAsync(Path.Combine(folder, "gate.json"),
                new GateFile("v0.9.0", "x", GateVerdict.Refused, [], criterion.Value, [criterion]), Ct);
        }

        var gains = await Core.Training.Nightly.Steps.GateStep.PastGainsAsync(
            new NightFolder(Path.Combine(rig.Data, "nights"), NightFixture.Day), NightFixture.Day, Ct);

        Assert.Equal([0.0, 0.01, 0.01, 0.02, 0.02], gains.Order());
    }

    private static NightlyRequest Second => NightRig.Request(NightFixture.Day.AddDays(1));

    private static string[] Failed(GateFile gate) => [.. gate.Criteria.Where(one => !one.Passed).Select(one => one.Name)];

    private static string FolderOf(NightRig rig, int later) =>
        Path.Combine(rig.Data, "nights", $"{NightFixture.Day.AddDays(later):yyyy-MM-dd}");

    private static async Task<GateFile> GateAsync(NightRig rig, int later = 0) => JsonSerializer.Deserialize(
        await File.ReadAllBytesAsync(Path.Combine(FolderOf(rig, later), "gate.json"), Ct), NightJson.Default.GateFile)!;

    private static async Task<NightEvaluation> EvaluationOfSecondAsync(NightRig rig)
    {
        var path = Path.Combine(FolderOf(rig, 1), "evaluation.json");
        if (!File.Exists(path)) await rig.RunAsync(Second);
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, Ct), NightJson.Default.NightEvaluation)!;
    }

    // The night behind the fixture's, with its champion.
    private async Task<NightRig> SecondNightAsync()
    {
        var rig = await NightRig.CopyAsync(fixture, night: true);
        rig.Options.Gate.StaleAfterDays = 0;
        return rig;
    }
}
