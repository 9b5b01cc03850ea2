using RecSys.Core.Ranking.Forest;

namespace RecSys.Tests.Ranking;

/// <summary>Walks every tree for every row, as LightGBM describes it; slow and plain on purpose.</summary>
internal static class ReferenceForest
{
    public static double[] Score(DecisionTree[] trees, float[] matrix, int rows, int features)
    {
        var scores = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            foreach (var tree in trees) scores[row] += tree.LeafValues[LeafOf(tree, matrix.AsSpan(row * features, features))];
        }
        return scores;
    }

    private static int LeafOf(DecisionTree tree, ReadOnlySpan<float> values)
    {
        var node = tree.Features.Length > 0 ? 0 : ~0;
        while (node >= 0) node = GoesLeft(tree, node, values[tree.Features[node]]) ? tree.Left[node] : tree.Right[node];
        return ~node;
    }

    private static bool GoesLeft(DecisionTree tree, int node, float value)
    {
        if (tree.IsCategorical(node))
        {
            var set = tree.Categories(node);
            return value > -1 && value < set.Length * 32 && (set[(int)value >> 5] >> ((int)value & 31) & 1) != 0;
        }
        const float zero = 1e-35f;
        if (MathF.Abs(value) <= zero || (float.IsNaN(value) && tree.Missing(node) != MissingKind.NaN)) value = 0;
        var missing = tree.Missing(node) switch
        {
            MissingKind.Zero => value == 0,
            MissingKind.NaN => float.IsNaN(value),
            _ => false,
        };
        return missing ? tree.DefaultLeft(node) : value <= tree.Thresholds[node];
    }
}
