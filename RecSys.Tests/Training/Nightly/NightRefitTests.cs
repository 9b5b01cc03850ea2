using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.Transitions;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Refitting;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Features;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Storage.Lake;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A model that passed the gate, fitted again up to the newest event.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightRefitTests(NightFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_RefitThatPasses_IsPublishedInTheJudgedModelsPlace()
    {
        await using var rig = await RefitRig.WholeAsync(fixture);
        var folder = new NightFolder(Path.Combine(rig.Data, "nights"), NightFixture.Day);

        var refit = await NightJson.ReadAsync<RefitFile>(folder["refit.json"], Ct);
        Assert.True(refit.Outcome == RefitOutcome.Refitted, refit.Remark);
        var (judged, refitted) = (await ManifestAsync(rig, "challenger"), await ManifestAsync(rig, "refitted"));
        var version = Assert.Single(await rig.Registry.ListAsync(Ct));
        Assert.Equal(refitted.Files, version.Manifest!.Files);
        Assert.NotEqual(judged.Files["ranker.txt"], refitted.Files["ranker.txt"]);
        Assert.Equal(ModelState.Champion, version.Record!.State);
        Assert.Contains("refitted up to the newest event", version.Record.Reason, StringComparison.Ordinal);
        var publication = await NightJson.ReadAsync<PublicationFile>(folder["publication.json"], Ct);
        Assert.Equal(("v1.0.0", true, "refitted"), (publication.Version, publication.Champion, publication.Model));
        var report = await File.ReadAllTextAsync(folder.Report, Ct);
        Assert.Contains("Published is the refitted model", report, StringComparison.Ordinal);
        foreach (var check in (string[])["golden", "skew", "calibration", "auc", "log_loss", "overlap@10", "rank_correlation"])
        {
            Assert.Contains(refit.Checks, one => one.Name == check);
            Assert.Contains($">{check}<", report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_Again_KeepsEverythingAndDoesNotTakeItsOwnRefitForTheChampionToBeat()
    {
        await using var rig = await RefitRig.WholeAsync(fixture);
        await rig.RunAsync();
        Assert.Empty(rig.Ran());
        var file = Path.Combine(rig.Folder, "refitted", "ranker.txt");
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        await File.WriteAllBytesAsync(file, [.. bytes, 10], Ct);

        await rig.RunAsync();

        Assert.Equal(["refit"], rig.Ran());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, Ct));
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Run_SameNightInAnotherFolder_GivesTheSameFiles()
    {
        await using var whole = await RefitRig.WholeAsync(fixture);
        await using var rig = await RefitRig.BehindGateAsync(fixture, RefitRig.Refit);

        await rig.RunAsync();

        Assert.Equal(["refit", "publish"], rig.Ran());
        Assert.Equal((await ManifestAsync(whole, "refitted")).Files, (await ManifestAsync(rig, "refitted")).Files);
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(whole.Folder, "refit.json"), Ct),
            await File.ReadAllTextAsync(Path.Combine(rig.Folder, "refit.json"), Ct));
    }

    [Fact]
    public async Task Run_CheckThatFails_PublishesTheJudgedModelAndSaysWhy()
    {
        await using var rig = await RefitRig.BehindGateAsync(fixture, options =>
        {
            RefitRig.Refit(options);
            options.Nightly.MinRefitOverlap = 1;
        });

        var result = await rig.RunAsync();

        var version = Assert.Single(await rig.Registry.ListAsync(Ct));
        Assert.Equal((await ManifestAsync(rig, "challenger")).Files, version.Manifest!.Files);
        const string why = "as judged, since the refitted model failed overlap@10 (";
        Assert.Contains($"v1.0.0 is the champion; {why}", result.Verdict, StringComparison.Ordinal);
        Assert.Contains(why, version.Record!.Reason, StringComparison.Ordinal);
        Assert.Contains("Published is the judged model", await File.ReadAllTextAsync(
            Path.Combine(rig.Folder, "report.html"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GateThatRefused_RefitsNothing()
    {
        await using var rig = await RefitRig.BehindGateAsync(fixture, options =>
        {
            RefitRig.Refit(options);
            options.Gate.MaxAuc = 0.5;
        });
        File.Delete(Path.Combine(rig.Folder, "steps", "09-gate.json"));

        var result = await rig.RunAsync();

        Assert.Equal(["gate", "refit", "publish"], rig.Ran());
        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "refitted")));
        Assert.Empty(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Split_ByPlainSql_IsTheSameOneMovedToTheNewestEvent()
    {
        await using var rig = await RefitRig.WholeAsync(fixture);
        var (split, shifted) = await SplitsAsync(rig);
        var rows = $"'{Path.Combine(rig.Folder, "rows.parquet")}'";

        // The towers' cut is at four fifths of the impressions that the ranker trains on.
        var found = await LakeRig.QueryAsync($"""
            SELECT (SELECT min(time_ms) FROM {rows} WHERE part = 'test') >= {shifted.TrainUntilMs},
                (SELECT max(time_ms) FROM {rows} WHERE part <> 'test') < {shifted.TrainUntilMs},
                (SELECT count(*) FROM {rows} WHERE part <> 'test'), (SELECT count(*) FROM {rows} WHERE part = 'test'),
                (SELECT max(time_ms) FROM {rows}) <= {shifted.LastLearntMs}
            """);
        var step = await NightJson.ReadAsync<StepResult>(Path.Combine(rig.Folder, "steps", "10-refit.json"), Ct);

        Assert.Equal([$"True True {step.Counts["train_rows"]} {step.Counts["calibration_rows"]} True"], found);
        Assert.True(split.TowersUntilMs < shifted.TowersUntilMs && shifted.TowersUntilMs < shifted.TrainUntilMs);
        Assert.Equal(split.ValidateUntilMs, shifted.TrainUntilMs);
        var published = Assert.Single(await rig.Registry.ListAsync(Ct)).Manifest!;
        Assert.Equal(shifted.LastLearntMs, published.TrainingWindow.To.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Refitted_BesidePlainTrainingOnItsParts_IsTheSameModel()
    {
        await using var rig = await RefitRig.WholeAsync(fixture);
        var data = await NightData.ReadAsync(new NightFolder(Path.Combine(rig.Data, "nights"), NightFixture.Day), Ct);
        Assert.DoesNotContain(true, data.LeftOut);
        var (log, options, catalogue) = (data.Log, rig.Options, FeatureCatalogue.Default);
        var (split, shifted) = await SplitsAsync(rig);
        var shown = log.Events.ToArray().Where(e => e.IsImpression && e.TimeMs < split.ValidateUntilMs).Select(e => e.TimeMs).Order()
            .ToArray();
        var cut = shown[(int)(shown.Length * 0.8)];
        Assert.Equal(cut, shifted.TowersUntilMs);

        // Of so few epochs as there are, one, all are kept.
        var earlier = log.Where(e => e.TimeMs < cut);
        var towers = TwoTowerTrainer.Train(TowerTrainingData.FromLog(earlier), options.Towers with { Seed = options.Seed }, null, Ct);
        using var view = new TowerView(towers, log.Users, ItemTransitions.Fit(earlier), null);
        var rows = ImpressionRows.Build(
            log, new ImpressionReplay(cut, TwoStageTraining.Labels(log, "click")), view, new FeatureExtractor(catalogue), null, Ct);
        var chosen = await NightJson.ReadAsync<ChosenFile>(Path.Combine(rig.Folder, "chosen.json"), Ct);
        if (!chosen.Position!.Used) rows.Clear(catalogue.Names.ToList().IndexOf("position"));
        var (train, held) = (rows.Between(long.MinValue, split.ValidateUntilMs), rows.Between(split.ValidateUntilMs, long.MaxValue));
        var judgedTrees = Forest.Parse(await File.ReadAllTextAsync(Path.Combine(rig.Folder, "challenger", "ranker.txt"), Ct)).TreeCount;
        var forest = LightGbmTrainer.Train(
            train, held, catalogue.Names, catalogue.CategoricalIndexes,
            options.Ranker with { NumTrees = judgedTrees, EarlyStoppingRounds = 1000, Seed = options.Seed }, keepAll: true, ct: Ct);
        var raw = new double[held.Rows];
        Forest.Parse(forest.ModelText).Score(held.Values, held.Rows, raw);
        var curve = PlattCalibrator.Fit(raw, held.Labels);

        var bundle = Path.Combine(rig.Folder, "refitted");
        Assert.Equal(
            MemoryMarshal.AsBytes(towers.ItemEmbeddings.AsSpan()).ToArray(),
            await File.ReadAllBytesAsync(Path.Combine(bundle, "item_embeddings.f32"), Ct));
        var own = Forest.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "ranker.txt"), Ct));
        var scores = new double[held.Rows];
        own.Score(held.Values, held.Rows, scores);
        Assert.Equal(judgedTrees, own.TreeCount);
        Assert.Equal(raw, scores);
        var calibration = Assert.IsType<PlattCalibrator>(CalibrationFile.Load(Path.Combine(bundle, "calibration.json")));
        Assert.Equal((curve.Slope, curve.Intercept), (calibration.Slope, calibration.Intercept));
    }

    [Fact]
    public void Probabilities_OfAHalf_DoNotKnowItsOwnLabels()
    {
        var (shown, scores) = Impressions(row => row % 3 == 0);
        var (other, _) = Impressions(row => row % 2 == 0 ? row % 3 != 0 : row % 3 == 0);

        var (before, after) = (CrossCalibration.Probabilities(shown, scores)!, CrossCalibration.Probabilities(other, scores)!);

        // Users of even numbers have even rows; their labels were turned round.
        for (var row = 0; row < scores.Length; row++)
        {
            if (row % 2 == 0) Assert.Equal(before[row], after[row]);
            else Assert.NotEqual(before[row], after[row]);
        }
        Assert.Null(CrossCalibration.Probabilities(Impressions(row => row == 0).Shown, scores));
    }

    [Fact]
    public void Checks_AtTheirBounds_SayWhichSideItIs()
    {
        Assert.True(RefitChecks.SkewOf(1000, 5).Passed);
        Assert.False(RefitChecks.SkewOf(1000, 6).Passed);
        Assert.True(RefitChecks.SkewOf(0, 0).Passed);
        Assert.True(RefitChecks.CalibrationOf(0.0625, 0.0625 + RefitChecks.CalibrationMargin).Passed);
        Assert.False(RefitChecks.CalibrationOf(0.0625, 0.073).Passed);
        Assert.True(RefitChecks.OverlapOf(0.5, 10, 0.5).Passed);
        Assert.False(RefitChecks.OverlapOf(0.49, 10, 0.5).Passed);
        Assert.False(RefitChecks.CorrelationOf(double.NaN, 10, 0.5).Passed);
        Assert.True(RefitChecks.NotWorse(new("auc", 0.7, 0.69, -0.02, 0, true, null, 9)).Passed);
        Assert.False(RefitChecks.NotWorse(new("auc", 0.7, 0.69, -0.02, -0.001, true, null, 9)).Passed);
        // A loss that is surely larger.
        Assert.False(RefitChecks.NotWorse(new("log_loss", 0.4, 0.41, 0.001, 0.02, false, null, 9)).Passed);
        Assert.True(RefitChecks.NotWorse(new("log_loss", 0.4, 0.39, -0.02, -0.001, false, null, 9)).Passed);
    }

    private static async Task<BundleManifest> ManifestAsync(NightRig rig, string name) =>
        await BundleManifest.ReadAsync(Path.Combine(rig.Folder, name), Ct);

    private static async Task<(SplitFile Judged, SplitFile Shifted)> SplitsAsync(NightRig rig) =>
        (await NightJson.ReadAsync<SplitFile>(Path.Combine(rig.Folder, "split.json"), Ct),
            (await NightJson.ReadAsync<RefitFile>(Path.Combine(rig.Folder, "refit.json"), Ct)).Split!);

    private static (ImpressionSet Shown, float[] Scores) Impressions(Func<int, bool> clicked)
    {
        LogEvent[] events = [.. Enumerable.Range(0, 200).Select(row =>
            new LogEvent(FeatureLogs.Start + row, row % 2, 0, EventType.Impression))];
        var rows = Enumerable.Range(0, 200).ToArray();
        var shown = new ImpressionSet(FeatureLogs.Log(events), rows, [.. rows.Select(clicked)]);
        return (shown, [.. rows.Select(row => row % 7 / 7f + (row % 3 == 0 ? 0.3f : 0))]);
    }
}
