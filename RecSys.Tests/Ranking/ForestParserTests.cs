using System.Globalization;
using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.Forest;

namespace RecSys.Tests.Ranking;

public sealed class ForestParserTests
{
    private const string Tree = """
        num_leaves=3
        num_cat=1
        split_feature=0 1
        threshold=0.5 0
        decision_type=2 1
        left_child=1 -1
        right_child=-3 -2
        leaf_value=0.1 0.2 0.3
        cat_boundaries=0 1
        cat_threshold=6
        is_linear=0
        shrinkage=1
        """;

    [Fact]
    public void Parse_TreeByHand_ScoresByHand()
    {
        var forest = Forest.Parse(ModelText.WithTrees(2, Tree));
        var scores = new double[6];

        // f0 <= 0.5: codes 1 and 2 of f1 (bits of 6) give leaf 0, others leaf 1; f0 > 0.5: leaf 2.
        forest.Score([0.5f, 1, 0, 2, 0, 3, float.NaN, 0, 0.6f, 1, 0.5f, float.NaN], 6, scores);

        Assert.Equal([0.1, 0.1, 0.2, 0.2, 0.3, 0.2], scores);
        Assert.Equal(["f0", "f1"], forest.FeatureNames);
        Assert.Equal((1, 2), (forest.TreeCount, forest.FeatureCount));
    }

    [Theory]
    [InlineData("num_leaves=3", "num_leaves=4")]
    [InlineData("num_leaves=3", "num_leaves=0")]
    [InlineData("num_leaves=3", "num_leaves=-1")]
    [InlineData("num_leaves=3", "num_leaves=2000000000")]
    [InlineData("num_leaves=3", "num_leaves=99999999999999")]
    [InlineData("num_cat=1", "num_cat=2")]
    [InlineData("num_cat=1", "num_cat=-1")]
    [InlineData("num_cat=1", "num_cat=0")]
    [InlineData("split_feature=0 1", "split_feature=0 2")]
    [InlineData("split_feature=0 1", "split_feature=-1 1")]
    [InlineData("split_feature=0 1", "split_feature=0")]
    [InlineData("threshold=0.5 0", "threshold=nan 0")]
    [InlineData("threshold=0.5 0", "threshold=0.5 1")]
    [InlineData("threshold=0.5 0", "threshold=0.5 0.5")]
    [InlineData("threshold=0.5 0", "threshold=0.5 -1")]
    [InlineData("threshold=0.5 0", "threshold=0.5 x")]
    [InlineData("decision_type=2 1", "decision_type=12 1")]
    [InlineData("decision_type=2 1", "decision_type=2 17")]
    [InlineData("left_child=1 -1", "left_child=2 -1")]
    [InlineData("left_child=1 -1", "left_child=0 -1")]
    [InlineData("left_child=1 -1", "left_child=1 0")]
    [InlineData("left_child=1 -1", "left_child=1 1")]
    [InlineData("left_child=1 -1", "left_child=1 -2")]
    [InlineData("left_child=1 -1", "left_child=-1 -1")]
    [InlineData("left_child=1 -1", "left_child=1 -2147483648")]
    [InlineData("leaf_value=0.1 0.2 0.3", "leaf_value=0.1 nan 0.3")]
    [InlineData("leaf_value=0.1 0.2 0.3", "leaf_value=0.1 inf 0.3")]
    [InlineData("leaf_value=0.1 0.2 0.3", "leaf_value=0.1 1e999 0.3")]
    [InlineData("leaf_value=0.1 0.2 0.3", "leaf_value=0.1 0.2")]
    [InlineData("cat_boundaries=0 1", "cat_boundaries=0 2")]
    [InlineData("cat_boundaries=0 1", "cat_boundaries=1 1")]
    [InlineData("cat_boundaries=0 1", "cat_boundaries=0 -1")]
    [InlineData("cat_threshold=6", "cat_threshold=-6")]
    [InlineData("shrinkage=1", "what_is=this")]
    [InlineData("shrinkage=1", "shrin")]
    [InlineData("shrinkage=1", "num_leaves=3")]
    public void Parse_DamagedTree_IsRefused(string sound, string damaged) =>
        AssertRefused(ModelText.WithTrees(2, Tree).Replace(sound, damaged, StringComparison.Ordinal), "damaged",
        "which the forest scorer does not support");

    [Theory]
    [InlineData("num_class=1", "num_class=3", "num_class=3")]
    [InlineData("num_tree_per_iteration=1", "num_tree_per_iteration=3", "num_tree_per_iteration=3")]
    [InlineData("is_linear=0", "is_linear=1\nleaf_const=1 2 3", "linear trees")]
    [InlineData("label_index=0", "average_output\nlabel_index=0", "average_output")]
    [InlineData("version=v4", "version=v9", "v9")]
    public void Parse_WhatIsNotSupported_IsRefusedByName(string sound, string other, string name)
    {
        var error = AssertRefused(ModelText.WithTrees(2, Tree).Replace(sound, other, StringComparison.Ordinal), "support");
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{\"a\":1}")]
    [InlineData("tree")]
    [InlineData("tree\nversion=v4\nend of trees\n")]
    public void Parse_NoModel_IsRefused(string text) => AssertRefused(text, "damaged");

    [Theory]
    [InlineData("max_feature_idx=1", "max_feature_idx=2")]
    [InlineData("max_feature_idx=1", "max_feature_idx=2147483647")]
    [InlineData("max_feature_idx=1", "max_feature_idx=-5")]
    [InlineData("tree_sizes=", "tree_sizes=5 ")]
    [InlineData("Tree=0", "Tree=1")]
    [InlineData("Tree=0", "Tree=x")]
    [InlineData("version=v4\n", "")]
    public void Parse_DamagedHeader_IsRefused(string sound, string damaged) =>
        AssertRefused(ModelText.WithTrees(2, Tree).Replace(sound, damaged, StringComparison.Ordinal), "damaged");

    [Fact]
    public void Parse_LeavesThatAddUpToInfinity_AreRefused()
    {
        var tree = Tree.Replace("leaf_value=0.1", "leaf_value=1.7e308", StringComparison.Ordinal);
        AssertRefused(ModelText.WithTrees(2, tree, tree), "infinity");
    }

    [Fact]
    public void Parse_EveryCutOfAModel_IsRefused()
    {
        using var model = RandomModel.Create(31, features: 4, trees: 3, leaves: 6);
        var end = model.Text.IndexOf("end of trees", StringComparison.Ordinal) + "end of trees".Length;
        for (var length = 0; length < end; length++) Assert.Throws<RecSysException>(() => Forest.Parse(model.Text[..length]));
        Forest.Parse(model.Text[..end]);
    }

    [Fact]
    public void Parse_RandomDamage_IsRefusedOrScoresFinite()
    {
        using var model = RandomModel.Create(32, features: 4, trees: 3, leaves: 6);
        const string alphabet = "0123456789-=.en \nT";
        var matrix = model.Inputs(40);
        Gen.Select(Gen.Int[0, model.Text.Length - 1], Gen.Int[0, alphabet.Length - 1], Gen.Int[0, 2]).Array[1, 4].Sample(damages =>
        {
            var text = model.Text;
            foreach (var (at, letter, how) in damages)
            {
                var here = Math.Min(at, text.Length - 1);
                text = how switch
                {
                    0 => text.Remove(here, 1),
                    1 => text.Insert(here, alphabet[letter].ToString(CultureInfo.InvariantCulture)),
                    _ => string.Concat(text.AsSpan(0, here), alphabet.AsSpan(letter, 1), text.AsSpan(here + 1)),
                };
            }
            Forest forest;
            try
            {
                forest = Forest.Parse(text);
            }
            catch (RecSysException)
            {
                return;
            }
            var scores = new double[40];
            forest.Score(matrix, 40, scores);
            Assert.All(scores, score => Assert.True(double.IsFinite(score)));
        }, seed: "0000EFlu9lx3", iter: 3000);
    }

    private static RecSysException AssertRefused(string text, params string[] anyOf)
    {
        var error = Assert.Throws<RecSysException>(() => Forest.Parse(text));
        Assert.Contains(anyOf, word => error.Message.Contains(word, StringComparison.Ordinal));
        return error;
    }
}
