using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training.Rankers;

namespace RecSys.Tests.Training.Rankers;

/// <summary>Rows whose label is the product of two columns' signs, which two leaves cannot express.</summary>
public sealed class RankerTuningTests
{
    private static readonly FeatureCatalogue Catalogue = new(((string[])["user_ctr_all", "item_ctr_all", "hour"])
        .Select(name => FeatureCatalogue.Default.Features.Single(feature => feature.Name == name)));

    private static readonly LightGbmOptions Poor =
        new() { NumTrees = 30, NumLeaves = 2, LearningRate = 0.001, MinDataInLeaf = 500, Threads = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Run_PoorSettings_FindsBetterOnesAndSaysHow()
    {
        var told = new List<WorkProgress>();

        var model = new RankerTuning(new Ticking()).Run(Rows(1), Rows(2), Poor, TimeSpan.FromSeconds(25), Catalogue, new Told(told), Token);

        var poor = RankerFitting.Fit(Rows(1), Rows(2), Poor, Catalogue, null, Token);
        Assert.InRange(poor.Training.BestValue, 0.4, 0.7);
        Assert.InRange(model.Training.BestValue, 0.85, 1);
        Assert.NotEqual(Poor.NumLeaves, model.Options.NumLeaves);
        Assert.Equal(model.Training.BestValue - poor.Training.BestValue, model.Metrics["ranker.tuning_gain"], 1e-12);
        Assert.Contains(told, line => line.Phase == "tune ranker, trial 0" && line.Note!.Contains("auc", StringComparison.Ordinal));
        Assert.Equal(model.Metrics["ranker.tuning_trials"],
            told.Count(line => line.Phase.StartsWith("tune", StringComparison.Ordinal)) - 1);
    }

    [Fact]
    public void Run_NoBudget_IsTheFitWithTheGivenSettings()
    {
        var model = new RankerTuning(TimeProvider.System).Run(Rows(1), Rows(2), Poor, TimeSpan.Zero, Catalogue, null, Token);

        Assert.Equal(RankerFitting.Fit(Rows(1), Rows(2), Poor, Catalogue, null, Token).Training.ModelText, model.Training.ModelText);
        Assert.Equal((0.0, 0.0), (model.Metrics["ranker.tuning_trials"], model.Metrics["ranker.tuning_gain"]));
    }

    [Fact]
    public void Trials_SameSeed_AreTheSameAndWithinTheRanges()
    {
        var trials = RankerTuning.Trials(Poor, 7).Take(300).ToArray();

        Assert.Equal(trials, RankerTuning.Trials(Poor, 7).Take(300));
        Assert.NotEqual(trials, RankerTuning.Trials(Poor, 8).Take(300));
        Assert.All(trials, trial =>
        {
            Assert.InRange(trial.NumLeaves, 7, 127);
            Assert.InRange(trial.LearningRate, 0.02, 0.15);
            Assert.InRange(trial.MinDataInLeaf, 20, 2000);
            Assert.InRange(trial.FeatureFraction, 0.2, 1);
            Assert.InRange(trial.BaggingFraction, 0.5, 1);
            Assert.Equal((Poor.NumTrees, Poor.Objective, Poor.Seed), (trial.NumTrees, trial.Objective, trial.Seed));
        });
    }

    [Fact]
    public void Run_ChoiceRows_TunesByNdcg()
    {
        var lists = Enumerable.Repeat(10, 200).ToArray();
        var told = new List<WorkProgress>();

        var model = new RankerTuning(new Ticking()).Run(
            Rows(1) with { GroupSizes = lists }, Rows(2) with { GroupSizes = lists }, Poor with { Objective = "lambdarank" },
            TimeSpan.FromSeconds(25), Catalogue, new Told(told), Token);

        Assert.Contains(told, line => line.Note?.StartsWith("ndcg@10", StringComparison.Ordinal) == true);
        Assert.True(model.Metrics["ranker.tuning_gain"] > 0.05);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<WorkProgress>();

        Assert.ThrowsAny<OperationCanceledException>(() => new RankerTuning(new Ticking()).Run(
            Rows(1), Rows(2), Poor, TimeSpan.FromHours(1), Catalogue,
            new Told(told, line => { if (line.Phase == "tune ranker, trial 2") stop.Cancel(); }), stop.Token));

        Assert.Equal("tune ranker, trial 2", told[^1].Phase);
    }

    private static RankerDataset Rows(int seed)
    {
        const int rows = 2000;
        var random = new Random(seed);
        var values = new float[rows * 3];
        foreach (ref var value in values.AsSpan()) value = random.NextSingle() - 0.5f;
        var labels = Enumerable.Range(0, rows).Select(row => values[row * 3] * values[row * 3 + 1] > 0.01f * random.NextSingle() ? 1f : 0f)
            .ToArray();
        return new RankerDataset { Rows = rows, Features = 3, Values = values, Labels = labels };
    }

    // A second passes whenever somebody looks.
    private sealed class Ticking : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds++;
    }

    private sealed class Told(List<WorkProgress> lines, Action<WorkProgress>? then = null) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            lines.Add(value);
            then?.Invoke(value);
        }
    }
}
