using RecSys.Core.Domain;
using RecSys.Core.Ranking.Forest;

namespace RecSys.Tests.Ranking;

/// <summary>Contributions against LightGBM's own <c>pred_contrib</c>.</summary>
public sealed class ForestContributionTests
{
    private const string OneSplit =
        "num_leaves=2\nnum_cat=0\nsplit_feature=1\nthreshold=0.5\ndecision_type=0\nleft_child=-1\nright_child=-2\nleaf_value=1 5\n";

    [Fact]
    public void Contribute_ManyModels_EqualsLightGbm()
    {
        var (rowsInAll, largest) = (0, 0.0);
        for (var seed = 1; seed <= 150; seed++)
        {
            var random = new Random(seed);
            var leaves = random.Next(10) == 0 ? random.Next(33, 80) : random.Next(2, 33);
            using var model = RandomModel.Create(seed, features: random.Next(1, 12), random.Next(1, 20), leaves);
            largest = Math.Max(largest, Compare(model, random.Next(1, 60)));
            rowsInAll++;
        }
        // Worth something only where features share a score.
        Assert.True(rowsInAll == 150 && largest > 0.1, $"largest contribution {largest}");
    }

    [Theory]
    [InlineData(3001, 20, 31, 400)]
    [InlineData(3002, 40, 64, 100)]
    [InlineData(3003, 5, 257, 20)]
    public void Contribute_LargeModels_EqualsLightGbm(int seed, int features, int leaves, int trees)
    {
        using var model = RandomModel.Create(seed, features, trees, leaves);

        Assert.True(Compare(model, rows: 20) > 0.1);
    }

    [Fact]
    public void Contribute_OneSplit_IsTheDistanceFromTheMean()
    {
        var forest = Forest.Parse(ModelText.WithTrees(3, OneSplit + "leaf_count=30 10\ninternal_count=40"));
        var contributions = new double[3];

        var mean = forest.Contribute([9, 1, 9], contributions);

        // (30 × 1 + 10 × 5) / 40.
        Assert.Equal(2, mean);
        Assert.Equal([0, 3, 0], contributions);
    }

    [Fact]
    public void Contribute_TreesOfOneLeaf_IsTheirSum()
    {
        const string leaf =
            "num_leaves=1\nnum_cat=0\nsplit_feature=\nthreshold=\ndecision_type=\nleft_child=\nright_child=\nleaf_value=0.25\nshrinkage=1";
        var contributions = new double[] { 7 };

        Assert.Equal(0.5, Forest.Parse(ModelText.WithTrees(1, leaf, leaf)).Contribute([1], contributions));
        Assert.Equal([0], contributions);
    }

    [Theory]
    [InlineData("shrinkage=1")]
    [InlineData("leaf_count=30 10")]
    [InlineData("leaf_count=0 0\ninternal_count=0")]
    public void Contribute_WithoutCounts_IsRefusedAndScoresStillCome(string rest)
    {
        var forest = Forest.Parse(ModelText.WithTrees(3, OneSplit + rest));
        var scores = new double[1];

        forest.Score([9, 1, 9], 1, scores);

        Assert.Equal(5, scores[0]);
        Assert.False(forest.HasContributions);
        var refused = Assert.Throws<RecSysException>(() => forest.Contribute([9, 1, 9], new double[3]));
        Assert.Contains("internal_count", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public void Contribute_WrongSizes_IsRefused(int values, int room)
    {
        var forest = Forest.Parse(ModelText.WithTrees(3, OneSplit + "leaf_count=30 10\ninternal_count=40"));

        Assert.Throws<ArgumentException>(() => forest.Contribute(new float[values], new double[room]));
    }

    // The largest contribution.
    private static double Compare(RandomModel model, int rows)
    {
        var (forest, features) = (Forest.Parse(model.Text), model.Features);
        var matrix = model.Inputs(rows);
        var expected = new double[rows * (features + 1)];
        var (raw, actual, largest) = (new double[rows], new double[features], 0.0);
        model.Native.PredictContributions(matrix, rows, expected);
        forest.Score(matrix, rows, raw);
        for (var row = 0; row < rows; row++)
        {
            var mean = forest.Contribute(matrix.AsSpan(row * features, features), actual);
            var own = expected.AsSpan(row * (features + 1), features + 1);
            AssertNear(own[features], mean);
            for (var feature = 0; feature < features; feature++)
            {
                AssertNear(own[feature], actual[feature]);
                largest = Math.Max(largest, Math.Abs(actual[feature]));
            }
            AssertNear(raw[row], mean + actual.Sum());
        }
        return largest;
    }

    private static void AssertNear(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
}
