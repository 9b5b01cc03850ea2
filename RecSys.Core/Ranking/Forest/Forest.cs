using System.Runtime.Intrinsics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>A gradient boosted forest read from LightGBM's text format. Immutable; any number of threads may score at once.</summary>
public sealed class Forest
{
    private readonly ForestProgram program;
    private readonly DecisionTree[] trees;

    private Forest(string[] featureNames, DecisionTree[] trees)
    {
        (FeatureNames, this.trees) = (featureNames, trees);
        TreeCount = trees.Length;
        HasContributions = trees.All(tree => tree.Features.Length == 0 || (tree.LeafCounts.Length > 0 && tree.NodeCounts.Length > 0));
        program = ForestCompiler.Compile(trees, featureNames.Length);
    }

    public int TreeCount { get; }

    /// <summary>Columns of the matrix.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>In the order of the matrix's columns.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Reads a model with numerical and categorical splits and one output.</summary>
    /// <exception cref="Domain.RecSysException">The text is damaged or uses something that is not supported; the message names
    /// it.</exception>
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
    public void Score(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores) =>
        Score(matrix, rows, rawScores, Vector512.IsHardwareAccelerated);

    /// <summary>True when the model says how many rows came to each node, without which <see cref="Contribute"/> knows nothing.</summary>
    public bool HasContributions { get; }

    /// <summary>
    /// What each feature contributes to the raw score of one row, against what the forest says when no feature is known: exact Shapley
    /// values, as LightGBM's <c>pred_contrib</c> has them. About a millisecond; for explanations, never for lists.
    /// </summary>
    /// <param name="row"><see cref="FeatureCount"/> values; NaN means missing.</param>
    /// <param name="contributions">Gets as many, in log-odds.</param>
    /// <returns>The base: with the contributions it adds up to the raw score.</returns>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    /// <exception cref="Domain.RecSysException">The model does not say how many rows came to each node.</exception>
    public double Contribute(ReadOnlySpan<float> row, Span<double> contributions)
    {
        if (row.Length != FeatureCount || contributions.Length != FeatureCount)
            throw new ArgumentException(
                $"{row.Length} values and room for {contributions.Length} contributions of {FeatureCount} features.", nameof(row));
        if (!HasContributions)
            throw new Domain.RecSysException("The ranker model lacks leaf_count or internal_count, so that nothing is known of its "
                + "contributions; train again.");
        contributions.Clear();
        var (shares, sum) = (new TreeShares(), 0.0);
        foreach (var tree in trees) sum += shares.Add(tree, row, contributions);
        return sum;
    }

    /// <summary>The same with 512-bit or with 256-bit vectors; the scores are equal.</summary>
    internal void Score(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores, bool wide)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (matrix.Length != (long)rows * FeatureCount)
            throw new ArgumentException($"The matrix holds {matrix.Length} values, but {rows} rows of {FeatureCount} features need "
                + $"{(long)rows * FeatureCount}.", nameof(matrix));
        if (rawScores.Length < rows)
            throw new ArgumentException($"There is room for {rawScores.Length} scores of {rows} rows.", nameof(rawScores));
        if (rows == 0) return;
        if (program.Narrow) new ForestScorer<sbyte>(program, wide).Score(matrix, rows, rawScores);
        else new ForestScorer<short>(program, wide).Score(matrix, rows, rawScores);
    }
}
