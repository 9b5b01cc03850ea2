using RecSys.Api.Commands.Bench.Gate;

namespace RecSys.Tests.EndToEnd;

/// <summary>What <c>bench gate</c> breaks challengers with.</summary>
public sealed class RepeatedForestTests
{
    [Fact]
    public void RepeatedForest_OfOneTree_HasItOftenWithSmallerLeaves()
    {
        var forest = Core.Ranking.Forest.Forest.Parse(RepeatedForest.Of(Text, 8));
        var (before, after) = (new double[3], new double[3]);
        Core.Ranking.Forest.Forest.Parse(Text).Score([0, 1, 2], 3, before);
        forest.Score([0, 1, 2], 3, after);

        Assert.Equal([0.25, -0.5, -0.5], before);
        Assert.Equal(before, after);
        Assert.Equal(8, forest.TreeCount);
    }

    private const string Text = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=0
        objective=binary sigmoid:1
        feature_names=a
        feature_infos=[0:2]
        tree_sizes=100

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        split_gain=1
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=0.25 -0.5
        leaf_weight=1 1
        leaf_count=1 2
        internal_value=0
        internal_weight=2
        internal_count=3
        is_linear=0
        shrinkage=1

        end of trees

        """;
}
