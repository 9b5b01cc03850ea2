namespace RecSys.Core.Ranking.Forest;

/// <summary>A gradient boosted forest read from LightGBM's text format. Immutable; any number of threads may score at once.</summary>
public sealed class Forest
{
    private readonly DecisionTree[] trees;

    private Forest(string[] featureNames, DecisionTree[] trees)
    {
        FeatureNames = featureNames;
        this.trees = trees;
    }

    public int TreeCount => trees.Length;

    /// <summary>Columns of the matrix.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>In the order of the matrix's columns.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Reads a model with numerical and categorical splits and one output.</summary>
    /// <exception cref="Domain.RecSysException">The text is damaged or uses something that is not supported; the message names it.</exception>
    public static Forest Parse(string modelText)
    {
        var (names, trees) = ForestParser.Parse(modelText);
        return new Forest(names, trees);
    }

    /// <summary>Adds up the leaf values of every row in tree order: LightGBM's raw score to the last bit.</summary>
    /// <param name="matrix">Row-major, <paramref name="rows"/> × <see cref="FeatureCount"/>; NaN means missing.</param>
    /// <param name="rows">Number of rows; 0 does nothing.</param>
    /// <param name="rawScores">At least <paramref name="rows"/> long; log-odds before calibration.</param>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    public void Score(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (matrix.Length != (long)rows * FeatureCount)
            throw new ArgumentException($"The matrix holds {matrix.Length} values, but {rows} rows of {FeatureCount} features need {(long)rows * FeatureCount}.", nameof(matrix));
        if (rawScores.Length < rows) throw new ArgumentException($"There is room for {rawScores.Length} scores of {rows} rows.", nameof(rawScores));
        for (var row = 0; row < rows; row++)
        {
            var values = matrix.Slice(row * FeatureCount, FeatureCount);
            var sum = 0.0;
            foreach (var tree in trees) sum += tree.LeafValues[LeafOf(tree, values)];
            rawScores[row] = sum;
        }
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
            // Truncates towards zero, so that -0.5 is code 0.
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
