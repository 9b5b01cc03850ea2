using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench ranking</c>: one request of rows through the forest scorer, LightGBM's <c>PredictForMat</c> and ML.NET's <c>Transform</c>.
/// Prints one JSON line per kind of request: half of the columns constant, as user and context features are, and none constant.
/// </summary>
internal static class RankingBench
{
    private const int TrainingRows = 4_000;

    internal static Command Create()
    {
        var rows = CommonOptions.InRange(
            new Option<int>("--rows") { Description = "Candidates of one request", DefaultValueFactory = _ => 500 }, 1, 1_000_000);
        var features = CommonOptions.InRange(
            new Option<int>("--features") { Description = "Columns of the matrix", DefaultValueFactory = _ => 120 }, 1, 10_000);
        var trees = CommonOptions.InRange(
            new Option<int>("--trees") { Description = "Trees of the model", DefaultValueFactory = _ => 400 }, 1, 100_000);
        var leaves = CommonOptions.InRange(
            new Option<int>("--leaves") { Description = "Most leaves of a tree", DefaultValueFactory = _ => 31 }, 1, 100_000);
        var runs = CommonOptions.InRange(
            new Option<int>("--runs") { Description = "Measured runs; medians are shown", DefaultValueFactory = _ => 41 }, 1, 100_000);
        var noMlNet = new Option<bool>("--no-mlnet") { Description = "Leave ML.NET out: its training takes the longest" };
        var command = new Command("ranking", "Forest scorer against LightGBM's own prediction and ML.NET") { rows, features, trees, leaves,
            runs, noMlNet };
        command.SetAction(parsed =>
        {
            var size = new Size(parsed.GetValue(rows), parsed.GetValue(features), parsed.GetValue(trees), parsed.GetValue(leaves),
                parsed.GetValue(runs));
            Run(size, !parsed.GetValue(noMlNet), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static void Run(Size size, bool withMlNet, TextWriter output)
    {
        var random = new Random(42);
        var weights = Enumerable.Range(0, size.Features).Select(_ => random.NextDouble() - 0.5).ToArray();
        var train = Rows(TrainingRows, size.Features, weights, random);
        var names = Enumerable.Range(0, size.Features).Select(f => $"f{f}").ToArray();
        var text = Train(train, names, size);
        using var native = NativeBooster.Load(text);
        var forest = Forest.Parse(text);
        using var mlNet = withMlNet ? new MlNetForest(train, size.Trees, size.Leaves) : null;
        foreach (var constant in (int[])[size.Features / 2, 0])
        {
            var request = Rows(size.Rows, size.Features, weights, random).Values;
            for (var i = size.Features; i < request.Length; i++)
            {
                if (i % size.Features < constant) request[i] = request[i % size.Features];
            }
            output.WriteLine(JsonSerializer.Serialize(Measure(size, forest, native, mlNet, request, constant)));
        }
    }

    // Every tree asked for, where LightGbmTrainer would stop at the best one.
    private static string Train(RankerDataset train, string[] names, Size size)
    {
        var options = new LightGbmOptions { NumTrees = size.Trees, NumLeaves = size.Leaves, LearningRate = 0.02, MinDataInLeaf = 20,
            Threads = 1 };
        var parameters = LightGbmParameters.For(options, []);
        using var rows = new NativeDataset(train, names, parameters, reference: null);
        using var booster = new NativeBooster(rows, parameters);
        for (var i = 0; i < size.Trees && booster.Update(); i++)
        {
        }
        return booster.SaveToString(size.Trees);
    }

    private static Dictionary<string,
        object?> Measure(Size size, Forest forest, NativeBooster native, MlNetForest? mlNet, float[] request, int constant)
    {
        var ours = new double[size.Rows];
        var theirs = new double[size.Rows];
        var mlNetRows = mlNet?.Load(request, size.Rows);
        var times = new List<double>[] { [], [], [], [] };
        for (var run = -10; run < size.Runs; run++)
        {
            // A small forest's call is far below the timer's noise, so ours is timed over several calls.
            var mine = Time(() => forest.Score(request, size.Rows, ours), 8);
            var one = Time(() => native.PredictRaw(request, size.Rows, theirs, threads: 1), 1);
            var two = Time(() => native.PredictRaw(request, size.Rows, theirs, threads: 2), 1);
            var ml = mlNet is null ? double.NaN : Time(() => mlNet.Score(mlNetRows!), 1);
            if (run < 0) continue;
            times[0].Add(mine);
            times[1].Add(one);
            times[2].Add(two);
            times[3].Add(ml);
        }
        if (!ours.AsSpan().SequenceEqual(theirs))
            throw new InvalidOperationException("The forest scorer and LightGBM differ; the figures would be worth nothing.");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) forest.Score(request, size.Rows, ours);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 100.0;
        var medians = times.Select(Median).ToArray();
        return new Dictionary<string, object?>
        {
            ["bench"] = "ranking",
            ["rows"] = size.Rows,
            ["features"] = size.Features,
            ["trees"] = forest.TreeCount,
            ["leaves"] = size.Leaves,
            ["constant_columns"] = constant,
            ["ours_ms"] = Math.Round(medians[0], 4),
            ["native_1t_ms"] = Math.Round(medians[1], 3),
            ["native_2t_ms"] = Math.Round(medians[2], 3),
            ["mlnet_ms"] = mlNet is null ? null : Math.Round(medians[3], 2),
            ["ratio_native_1t"] = Math.Round(medians[1] / medians[0], 1),
            ["ns_per_tree_row"] = Math.Round(medians[0] * 1e6 / ((double)size.Rows * forest.TreeCount), 3),
            ["alloc_bytes"] = allocated,
        };
    }

    private static double Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static RankerDataset Rows(int rows, int features, double[] weights, Random random)
    {
        var values = new float[rows * features];
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var score = 0.0;
            for (var f = 0; f < features; f++)
            {
                var value = (float)((random.NextDouble() * 2) - 1);
                values[(row * features) + f] = value;
                score += weights[f] * Math.Sin(3 * value) * (f % 3 == 0 ? values[row * features] : 1);
            }
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-score)) ? 1 : 0;
        }
        return new RankerDataset { Values = values, Rows = rows, Features = features, Labels = labels };
    }

    private sealed record Size(int Rows, int Features, int Trees, int Leaves, int Runs);

    /// <summary>The same size of model trained and applied by ML.NET.</summary>
    private sealed class MlNetForest : IDisposable
    {
        private readonly MLContext context = new(seed: 42);
        private readonly SchemaDefinition schema;
        private readonly BinaryPredictionTransformer<CalibratedModelParametersBase<LightGbmBinaryModelParameters, PlattCalibrator>> model;

        public MlNetForest(RankerDataset train, int trees, int leaves)
        {
            schema = SchemaDefinition.Create(typeof(MlNetRow));
            schema[nameof(MlNetRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, train.Features);
            var rows = Load(train.Values, train.Rows, train.Labels);
            model = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
            {
                NumberOfIterations = trees,
                NumberOfLeaves = leaves,
                LearningRate = 0.02,
                MinimumExampleCountPerLeaf = 20,
                Verbose = false,
                Silent = true,
            }).Fit(rows);
        }

        public IDataView Load(float[] values, int rows, float[]? labels = null)
        {
            var features = values.Length / rows;
            return context.Data.LoadFromEnumerable(
                Enumerable.Range(0, rows).Select(
                    row => new MlNetRow { Features = values[(row * features)..((row + 1) * features)],
                    Label = labels?[row] == 1 }).ToArray(),
                schema);
        }

        public float[] Score(IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Score")];

        public void Dispose() => model.Dispose();
    }

    private sealed class MlNetRow
    {
        public float[] Features { get; init; } = [];
        public bool Label { get; init; }
    }
}
