namespace RecSys.Core.Ranking.Forest;

/// <summary>A gradient boosted forest read from LightGBM's text format. Immutable; any number of threads may score at once.</summary>
public sealed class Forest
{
    private Forest()
    {
    }

    public int TreeCount { get; }
    public int FeatureCount => FeatureNames.Count;
    public IReadOnlyList<string> FeatureNames { get; } = [];

    /// <summary>Reads a model.</summary>
    /// <exception cref="Domain.RecSysException">The text is damaged or uses something that is not supported; the message names it.</exception>
    public static Forest Parse(string modelText) => throw new NotImplementedException();

    /// <summary>Adds up the leaf values of every row.</summary>
    /// <param name="matrix">Row-major, <paramref name="rows"/> × <see cref="FeatureCount"/>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rawScores">At least <paramref name="rows"/> long; log-odds before calibration.</param>
    public void Score(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores) => throw new NotImplementedException();
}
