namespace RecSys.Core.Evaluation;

/// <summary>Quantiles of a sorted sample.</summary>
internal static class Quantiles
{
    /// <summary>Linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996).</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="q">0 to 1.</param>
    public static double Of(ReadOnlySpan<double> sorted, double q)
    {
        var at = Math.Clamp(q, 0, 1) * (sorted.Length - 1);
        var low = (int)at;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
