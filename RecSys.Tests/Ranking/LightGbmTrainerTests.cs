using RecSys.Core.Domain;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Tests.Ranking;

public sealed class LightGbmTrainerTests
{
    private static readonly string[] Names = ["useful", "noise", "category"];
    private static readonly LightGbmOptions Options = new() { NumTrees = 200, LearningRate = 0.2, NumLeaves = 7, MinDataInLeaf = 20,
        Threads = 1, EarlyStoppingRounds = 10, ProgressEvery = 7 };

    [Fact]
    public void Train_Binary_LearnsReportsAndStopsAtTheBestTree()
    {
        var reports = new List<LightGbmProgress>();
        var training = Train(Rows(2000, 1), Rows(1000, 2), Options, new Recorder(reports));

        Assert.True(training.BestValue > 0.8, $"AUC {training.BestValue}");
        Assert.Equal(training.History.Max(point => point.Value), training.BestValue);
        Assert.Equal(training.BestValue, training.History[training.BestIteration - 1].Value);
        Assert.Equal(training.BestIteration, Forest.Parse(training.ModelText).TreeCount);
        Assert.True(training.History.Count < 200 && training.History.Count == training.BestIteration + 10,
            "early stopping waits ten trees");
        Assert.Equal(training.History.Where(point => point.Iteration % 7 == 0 || point.Iteration == training.History.Count), reports);
        Assert.Equal(Names.Order(), training.GainImportances.Keys.Order());
        Assert.True(training.GainImportances["useful"] > training.GainImportances["noise"]);
        Assert.True(training.GainImportances["category"] > 0);
        Assert.Equal(Names, Forest.Parse(training.ModelText).FeatureNames);
    }

    [Fact]
    public void Train_KeepAll_GrowsEveryTreeAndTheFirstAreThoseOfTheStoppedModel()
    {
        var (train, valid) = (Rows(2000, 1), Rows(1000, 2));
        var stopped = Train(train, valid, Options);
        LightGbmTraining Kept(int trees, RankerDataset measured) => LightGbmTrainer.Train(
            train, measured, Names, [2], Options with { NumTrees = trees }, keepAll: true);

        var all = Kept(stopped.History.Count + 15, valid);

        // The validation metric stood still long before.
        Assert.Equal(stopped.History.Count + 15, all.BestIteration);
        Assert.Equal(all.BestIteration, Forest.Parse(all.ModelText).TreeCount);
        var (before, after) = (new double[valid.Rows], new double[valid.Rows]);
        Forest.Parse(stopped.ModelText).Score(valid.Values, valid.Rows, before);
        // What it is measured on changes nothing in it.
        Forest.Parse(Kept(stopped.BestIteration, Rows(300, 9)).ModelText).Score(valid.Values, valid.Rows, after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Train_BestValue_IsTheAucOfTheReturnedModel()
    {
        var valid = Rows(700, 2);
        var training = Train(Rows(2000, 1), valid, Options);
        var scores = new double[valid.Rows];
        Forest.Parse(training.ModelText).Score(valid.Values, valid.Rows, scores);

        double pairs = 0, won = 0;
        for (var i = 0; i < valid.Rows; i++)
        {
            for (var j = 0; j < valid.Rows; j++)
            {
                if (valid.Labels[i] != 1 || valid.Labels[j] != 0) continue;
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }
        Assert.Equal(won / pairs, training.BestValue, 1e-9);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameModel()
    {
        var options = Options with { NumTrees = 12, Threads = 2 };
        Assert.Equal(Train(Rows(800, 1), Rows(300, 2), options).ModelText, Train(Rows(800, 1), Rows(300, 2), options).ModelText);
    }

    [Fact]
    public void Train_Weights_MoveTheModel()
    {
        // Rows of weight 0 say the opposite of the others.
        var rows = Rows(2000, 1);
        var labels = rows.Labels.Select((label, at) => at % 2 == 0 ? label : 1 - label).ToArray();
        var weighted = rows with { Labels = labels, Weights = [.. labels.Select((_, at) => at % 2 == 0 ? 1f : 0f)] };

        Assert.True(Train(weighted, Rows(1000, 2), Options).BestValue > 0.8);
        Assert.True(Train(weighted with { Weights = null }, Rows(1000, 2), Options).BestValue < 0.7);
    }

    [Fact]
    public void Train_LambdaRank_OrdersLists()
    {
        var training = Train(Lists(3000, 1, biased: false), Lists(1000, 2, biased: false), Options with { Objective = "lambdarank" });

        Assert.Equal("ndcg@10", training.History[0].Metric);
        Assert.True(training.BestValue > 0.75, $"NDCG {training.BestValue}");
        Assert.True(training.BestValue > training.History[0].Value);
    }

    [Fact]
    public void Train_LambdaRankWithPositions_DiffersFromWithout()
    {
        var options = Options with { Objective = "lambdarank", NumTrees = 10, EarlyStoppingRounds = 0 };
        var rows = Lists(3000, 1, biased: true);

        var with = Train(rows, Lists(500, 2, biased: false), options);
        var without = Train(rows with { Positions = null }, Lists(500, 2, biased: false), options);

        Assert.NotEqual(without.ModelText, with.ModelText);
    }

    [Fact]
    public void Train_NothingToSplitOn_ReturnsAConstantModel()
    {
        var rows = Rows(100, 1) with { Values = new float[300] };
        var training = Train(rows, rows, Options);

        Assert.Equal(1, training.BestIteration);
        Assert.Equal(0.5, training.BestValue, 9);
        var scores = new double[2];
        Forest.Parse(training.ModelText).Score(new float[6], 2, scores);
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void Train_Cancelled_StopsBetweenTrees()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<LightGbmProgress>();
        var progress = new Recorder(reports, () => source.Cancel());

        Assert.Throws<OperationCanceledException>(() =>
            LightGbmTrainer.Train(Rows(800, 1), Rows(300, 2), Names, [2], Options, progress, ct: source.Token));
        Assert.Single(reports);
    }

    [Fact]
    public void ToString_Progress_IsLightGbmsLine() =>
        Assert.Equal("[100] valid_0's auc: 0.812345", new LightGbmProgress(100, 400, "auc", 0.8123451).ToString());

    [Fact]
    public void Train_RowsNobodyCanLearnFrom_AreRefusedWithTheReason()
    {
        var good = Rows(50, 1);
        Refused("no rows", good with { Rows = 0, Values = [], Labels = [] });
        Refused("no positive", good with { Labels = new float[50] });
        Refused("positive", good with { Labels = [.. Enumerable.Repeat(1f, 50)] });
        Refused("NaN", good with { Labels = [float.NaN, .. good.Labels[1..]] });
        Refused("0 or 1", good with { Labels = [2f, .. good.Labels[1..]] });
        Refused("weight", good with { Weights = [-1f, .. good.Labels[1..]] });
        Refused("weight", good with { Weights = [float.NaN, .. good.Labels[1..]] });
        Refused("position", good with { Positions = [.. Enumerable.Repeat(-1, 50)] });
        Refused("group sizes", good, "lambdarank");
        Refused("unknown", good, "poisson");
    }

    [Fact]
    public void Train_SizesThatDoNotMatch_AreRefused()
    {
        var good = Rows(50, 1);
        Assert.Throws<ArgumentException>(() => Train(good with { Rows = 49 }, good, Options));
        Assert.Throws<ArgumentException>(() => Train(good with { Labels = good.Labels[1..] }, good, Options));
        Assert.Throws<ArgumentException>(() => Train(good with { Weights = [1f] }, good, Options));
        Assert.Throws<ArgumentException>(() => Train(good with { GroupSizes = [20, 20] }, good, Options with { Objective = "lambdarank" }));
        Assert.Throws<ArgumentException>(() => Train(good, good with { Features = 2, Values = new float[100] }, Options));
        Assert.Throws<ArgumentException>(() => TrainNamed(good, ["a", "b"], []));
        Assert.Throws<ArgumentException>(() => TrainNamed(good, ["a", "b", "a"], []));
        Assert.Throws<ArgumentException>(() => TrainNamed(good, ["a", "b", "c d"], []));
        Assert.Throws<ArgumentException>(() => TrainNamed(good, Names, [3]));
    }

    private static void Refused(string word, RankerDataset rows, string objective = "binary")
    {
        var error = Assert.Throws<RecSysException>(() => Train(rows, Rows(50, 2), Options with { Objective = objective }));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    private static LightGbmTraining Train(
        RankerDataset train, RankerDataset valid, LightGbmOptions options, IProgress<LightGbmProgress>? progress = null) =>
        LightGbmTrainer.Train(train, valid, Names, [2], options, progress, ct: TestContext.Current.CancellationToken);

    private static LightGbmTraining TrainNamed(RankerDataset rows, string[] names, int[] categorical) =>
        LightGbmTrainer.Train(rows, rows, names, categorical, Options, null, ct: TestContext.Current.CancellationToken);

    private static RankerDataset Rows(int rows, int seed)
    {
        var random = new Random(seed);
        var values = new float[rows * 3];
        var labels = new float[rows];
        for (var i = 0; i < rows; i++)
        {
            values[i * 3] = (float)random.NextDouble();
            values[(i * 3) + 1] = (float)random.NextDouble();
            values[(i * 3) + 2] = random.Next(6);
            var odds = (6 * (values[i * 3] - 0.5)) + (values[(i * 3) + 2] is 1 or 4 ? 2 : -1);
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0;
        }
        return new RankerDataset { Values = values, Rows = rows, Features = 3, Labels = labels };
    }

    private static RankerDataset Lists(int rows, int seed, bool biased)
    {
        var random = new Random(seed);
        var plain = Rows(rows, seed);
        var positions = Enumerable.Range(0, rows).Select(at => at % 20).ToArray();
        var labels = plain.Labels.Select((label, at) => biased && random.NextDouble() < positions[at] / 20.0 ? 0 : label).ToArray();
        return plain with { Labels = labels, Positions = positions, GroupSizes = [.. Enumerable.Repeat(20, rows / 20)] };
    }

    private sealed class Recorder(List<LightGbmProgress> reports, Action? after = null) : IProgress<LightGbmProgress>
    {
        public void Report(LightGbmProgress value)
        {
            reports.Add(value);
            after?.Invoke();
        }
    }
}
