using System.Runtime.Intrinsics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>A gradient boosted forest read from LightGBM's text format. Immutable; any number of threads may score at once.</summary>
public sealed class Forest
{
    private readonly ForestProgram program;

    private Forest(string[] featureNames, DecisionTree[] trees)
    {
        FeatureNames = featureNames;
        TreeCount = trees.Length;
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
