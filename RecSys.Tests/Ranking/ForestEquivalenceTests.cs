using RecSys.Core.Ranking.Forest;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Ranking;

/// <summary>The forest scorer against LightGBM's own <c>PredictForMat</c>, bit for bit.</summary>
public sealed class ForestEquivalenceTests
{
    [Fact]
    public void Score_ManySmallModels_EqualsLightGbmBitForBit()
    {
        var splits = 0;
        var categorical = 0;
        for (var seed = 1; seed <= 950; seed++)
        {
            var random = new Random(seed);
            var leaves = random.Next(10) == 0 ? random.Next(33, 80) : random.Next(2, 33);
            var trees = random.Next(1, 20);
            using var model = RandomModel.Create(seed, features: random.Next(1, 12), trees, leaves);
            AssertEqual(model, rows: random.Next(1, 150), seed);
            splits += model.Trees.Sum(tree => tree.Features.Length);
            categorical += model.Trees.Sum(tree => Enumerable.Range(0, tree.Features.Length).Count(tree.IsCategorical));
        }
        // The comparison is worth something only if the models really split, and on codes too.
        Assert.True(splits > 50_000 && categorical > 5_000, $"{splits} splits, {categorical} of them categorical");
    }

    [Theory]
    [InlineData(2001, 2, 8, 2000)]
    [InlineData(2002, 20, 31, 700)]
    [InlineData(2003, 6, 255, 60)]
    [InlineData(2004, 30, 256, 30)]
    [InlineData(2005, 5, 257, 20)]
    [InlineData(2006, 3, 1500, 6)]
    [InlineData(2007, 40, 64, 300)]
    public void Score_LargeModels_EqualsLightGbmBitForBit(int seed, int features, int leaves, int trees)
    {
        using var model = RandomModel.Create(seed, features, trees, leaves);
        AssertEqual(model, rows: 333, seed);
    }

    [Fact]
    public void Score_SingleLeafTree_IsItsConstant()
    {
        using var model = RandomModel.Create(7, features: 3, trees: 1, leaves: 2);
        var text = ModelText.WithTrees(3, "num_leaves=1\nnum_cat=0\nsplit_feature=\nthreshold=\ndecision_type=\nleft_child=\nright_child=\nleaf_value=0.25\nshrinkage=1");
        var scores = new double[5];

        Forest.Parse(text).Score(new float[15], 5, scores);

        Assert.All(scores, score => Assert.Equal(0.25, score));
    }

    [Fact]
    public void Score_NoRows_DoesNothing()
    {
        using var model = RandomModel.Create(8, features: 3, trees: 2, leaves: 4);
        Forest.Parse(model.Text).Score([], 0, []);
    }

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(6, 2, 1)]
    [InlineData(6, -1, 2)]
    public void Score_WrongSizes_IsRefused(int values, int rows, int room)
    {
        using var model = RandomModel.Create(9, features: 3, trees: 2, leaves: 4);
        var forest = Forest.Parse(model.Text);
        Assert.ThrowsAny<ArgumentException>(() => forest.Score(new float[values], rows, new double[room]));
    }

    [Fact]
    public void Score_Repeated_AllocatesNothing()
    {
        using var model = RandomModel.Create(10, features: 20, trees: 30, leaves: 31);
        var forest = Forest.Parse(model.Text);
        var matrix = model.Inputs(500);
        var scores = new double[500];

        Assert.Equal(0, Allocations.OfWarm(20, () => forest.Score(matrix, 500, scores)));
    }

    [Fact]
    public async Task Score_FromManyThreads_GivesTheSameScores()
    {
        using var model = RandomModel.Create(11, features: 8, trees: 40, leaves: 31);
        var forest = Forest.Parse(model.Text);
        var matrix = model.Inputs(300);
        var expected = new double[300];
        model.Native.PredictRaw(matrix, 300, expected);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            var scores = new double[300];
            for (var i = 0; i < 50; i++)
            {
                forest.Score(matrix, 300, scores);
                Assert.Equal(expected, scores);
            }
        }, TestContext.Current.CancellationToken)));
    }

    private static void AssertEqual(RandomModel model, int rows, int seed)
    {
        var forest = Forest.Parse(model.Text);
        var matrix = model.Inputs(rows);
        var expected = new double[rows];
        var actual = new double[rows];
        model.Native.PredictRaw(matrix, rows, expected);
        foreach (var wide in (bool[])[true, false])
        {
            forest.Score(matrix, rows, actual, wide);
            for (var row = 0; row < rows; row++)
            {
                Assert.True(
                    BitConverter.DoubleToInt64Bits(expected[row]) == BitConverter.DoubleToInt64Bits(actual[row]),
                    $"seed {seed}, wide {wide}, row {row}: LightGBM {expected[row]:R}, ours {actual[row]:R}");
            }
        }
        Assert.Equal(expected, ReferenceForest.Score(model.Trees, matrix, rows, model.Features));
    }
}
