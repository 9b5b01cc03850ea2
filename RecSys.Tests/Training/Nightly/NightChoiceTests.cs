using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night over a log that never says what was shown.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightChoiceTests
{
    [Fact]
    public async Task Run_LogWithoutImpressions_ComparesByChoicesAlone()
    {
        await using var rig = await StartAsync();
        rig.Options.Nightly.Refit = true;

        var result = await rig.RunAsync();

        Assert.NotEqual(NightOutcome.Stopped, result.Outcome);
        var evaluation = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(rig.Folder, "evaluation.json"), TestContext.Current.CancellationToken),
            NightJson.Default.NightEvaluation)!;
        Assert.Equal(0, evaluation.Impressions);
        Assert.True(evaluation.Choices > 50, $"{evaluation.Choices} choices");
        Assert.DoesNotContain(evaluation.Models, model => model.Values.ContainsKey(Figures.Auc));
        Assert.Contains(evaluation.Metrics, metric => metric.Metric == GateMetrics.Ndcg);
        Assert.Contains(evaluation.Metrics, metric => metric.Metric == GateMetrics.Recall);
        // The rows are made behind the towers, of what these propose.
        Assert.Equal(0, result.Steps.Single(step => step.Step == "features").Counts["train_rows"]);
        Assert.True(result.Steps.Single(step => step.Step == "ranker").Counts["train_rows"] > 1000);

        // Whatever the gate thinks of a model of so few choices.
        var ct = TestContext.Current.CancellationToken;
        var gate = Path.Combine(rig.Folder, "gate.json");
        await NightJson.WriteAsync(gate, await NightJson.ReadAsync<GateFile>(gate, ct) with { Verdict = GateVerdict.First }, ct);
        await NightRig.VouchAsync(rig.Folder, "09-gate", "gate.json");
        var passed = await rig.RunAsync();

        var refit = await NightJson.ReadAsync<RefitFile>(Path.Combine(rig.Folder, "refit.json"), ct);
        // What asks for impressions cannot be asked and says so.
        Assert.Equal(
            ["golden", "skew", "calibration", "ndcg@10", "overlap@10", "rank_correlation"], refit.Checks.Select(check => check.Name));
        Assert.Equal(
            ["skew", "calibration", "rank_correlation"],
            refit.Checks.Where(check => check.Reason.StartsWith("not measured", StringComparison.Ordinal)).Select(check => check.Name));
        var (judged, refitted) = (passed.Steps.Single(step => step.Step == "ranker"), passed.Steps.Single(step => step.Step == "refit"));
        Assert.Equal(judged.Counts["trees"], refitted.Counts["trees"]);
        Assert.True(refitted.Counts["train_rows"] > 0 && refitted.Counts["calibration_rows"] > 0);
    }

    [Fact]
    public async Task Run_ChallengersOfALogWithoutImpressions_AreThoseThatDifferInTheRankerOfChoices()
    {
        await using var rig = await StartAsync();
        // The trees of the ranker of choices, which are not those of the other one; and the other way round.
        rig.Options.Nightly.Challengers.Add(new ChallengerOptions { Name = "alike", NumTrees = rig.Options.ChoiceRanker.NumTrees });
        rig.Options.Nightly.Challengers.Add(new ChallengerOptions { Name = "other", NumTrees = rig.Options.Ranker.NumTrees });
        Assert.NotEqual(rig.Options.Ranker.NumTrees, rig.Options.ChoiceRanker.NumTrees);

        await rig.StopBehindAsync("ranker");

        var ct = TestContext.Current.CancellationToken;
        var fault = await NightJson.ReadAsync<FaultFile>(Path.Combine(rig.Folder, "challengers/alike/fault.json"), ct);
        Assert.Contains("alike would be the same model as challenger", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("Training:ChoiceRanker counts", fault.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "challengers/alike/challenger")));
        var chosen = await NightJson.ReadAsync<ChosenFile>(Path.Combine(rig.Folder, "challengers/other/chosen.json"), ct);
        Assert.Equal(rig.Options.Ranker.NumTrees, chosen.Settings.NumTrees);
        Assert.Equal("lambdarank", chosen.Settings.Objective);
    }

    private static async Task<NightRig> StartAsync()
    {
        var rig = await NightRig.OfAsync(
        [
            .. NightFixture.World.Items.Select(item => new ItemPut(item)), .. NightFixture.World.Users.Select(user => new UserPut(user)),
            .. NightFixture.World.GenerateHistory()
                .Where(e => e.Type != EventType.Impression && e.Time < NightFixture.Start.AddDays(NightFixture.Days - 1))
                .Select(e => new EventChange(e)),
        ]);
        rig.Options.ChoiceRanker = new TrainingOptions().ChoiceRanker with { NumTrees = 20, MinDataInLeaf = 20, Threads = 1 };
        return rig;
    }
}
