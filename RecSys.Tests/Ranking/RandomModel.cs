using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Tests.Ranking;

/// <summary>A model that LightGBM trained on random rows full of odd values, and odd inputs to score with it.</summary>
internal sealed class RandomModel : IDisposable
{
    private static readonly float[] Odd =
        [float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, 0f, 1e-36f, -1e-36f, 1e-35f, float.Epsilon,
            float.MaxValue, float.MinValue];

    private static readonly float[] OddCodes =
        [float.NaN, -1f, -0.5f, -7f, 0.9f, 31.5f, 32f, 1000f, 3e9f, -3e9f, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue,
            0f, -0f];

    private readonly Random random;
    private readonly HashSet<int> categorical = [];

    private RandomModel(int seed, int features, int trees, int leaves)
    {
        random = new Random(seed);
        Features = features;
        for (var f = 0; f < features; f++)
        {
            if (random.Next(4) == 0) categorical.Add(f);
        }
        var rows = Math.Max(30, leaves * (2 + random.Next(6)));
        var data = TrainingRows(rows);
        var options = new LightGbmOptions
        {
            NumLeaves = leaves,
            MinDataInLeaf = 1,
            MaxBin = leaves > 200 && random.Next(3) == 0 ? 2000 : 255,
            FeatureFraction = 1,
            BaggingFraction = 1,
            LambdaL2 = 0.1,
            LearningRate = 0.3,
            Threads = 1,
            Seed = seed,
            UseMissing = random.Next(4) != 0,
            ZeroAsMissing = random.Next(3) == 0,
        };
        // Small data has no categorical splits with the default smoothing; regression never runs out of gain.
        var parameters = LightGbmParameters.For(options, [.. categorical]).Replace(
            "objective=binary metric=auc", "objective=regression", StringComparison.Ordinal)
            + $" min_data_per_group=1 cat_smooth=0.1 cat_l2=0.1 max_cat_to_onehot={random.Next(1, 8)} min_data_in_bin=1 "
                + "min_sum_hessian_in_leaf=0";
        using var dataset = new NativeDataset(data, [.. Enumerable.Range(0, features).Select(f => $"f{f}")], parameters, reference: null);
        using (var booster = new NativeBooster(dataset, parameters))
        {
            for (var i = 0; i < trees && booster.Update(); i++)
            {
            }
            Text = booster.SaveToString(trees);
        }
        Native = NativeBooster.Load(Text);
        Trees = ForestParser.Parse(Text).Trees;
    }

    public int Features { get; }
    public string Text { get; }
    public NativeBooster Native { get; }
    public DecisionTree[] Trees { get; }

    public static RandomModel Create(int seed, int features, int trees, int leaves) => new(seed, features, trees, leaves);

    /// <summary>Random values, odd values, and thresholds of the model with their neighbours; some columns are constant.</summary>
    public float[] Inputs(int rows)
    {
        var byFeature = Trees.SelectMany(tree => tree.Features.Select((feature, node) => (feature, tree, node)))
            .Where(split => !split.tree.IsCategorical(split.node))
            .ToLookup(split => split.feature, split => split.tree.Thresholds[split.node]);
        var thresholds = Enumerable.Range(0, Features).Select(f => byFeature[f].ToArray()).ToArray();
        var matrix = new float[rows * Features];
        for (var f = 0; f < Features; f++)
        {
            var constant = random.Next(4) == 0 ? Input(f, thresholds[f]) : (float?)null;
            for (var row = 0; row < rows; row++) matrix[(row * Features) + f] = constant ?? Input(f, thresholds[f]);
        }
        return matrix;
    }

    public void Dispose() => Native.Dispose();

    private float Input(int feature, double[] thresholds)
    {
        if (thresholds.Length == 0 || random.Next(3) == 0) return Value(feature);
        var at = (float)thresholds[random.Next(thresholds.Length)];
        return random.Next(3) switch { 0 => MathF.BitDecrement(at), 1 => MathF.BitIncrement(at), _ => at };
    }

    private float Value(int feature)
    {
        var odd = random.Next(5) == 0;
        if (categorical.Contains(feature)) return odd ? OddCodes[random.Next(OddCodes.Length)] : random.Next(3 + (feature * 37));
        if (odd) return Odd[random.Next(Odd.Length)];
        // Some features take few values, so that thresholds repeat; some span many magnitudes.
        return (feature % 3) switch
        {
            0 => random.Next(-4, 5),
            1 => (float)(random.NextDouble() - 0.5),
            _ => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60)),
        };
    }

    private RankerDataset TrainingRows(int rows)
    {
        var values = new float[rows * Features];
        var labels = new float[rows];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value(i % Features);
            // LightGBM refuses to bin codes that do not fit its 32-bit integers.
            if (categorical.Contains(i % Features) && MathF.Abs(values[i]) > 1e6f) values[i] = 0;
        }
        for (var i = 0; i < rows; i++) labels[i] = (float)random.NextDouble();
        return new RankerDataset { Values = values, Rows = rows, Features = Features, Labels = labels };
    }
}
