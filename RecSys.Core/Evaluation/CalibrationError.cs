namespace RecSys.Core.Evaluation;

/// <summary>
/// Expected calibration error: the mean over bins, weighted by rows, of |mean probability - share of positives|
/// (Naeini et al., 2015). 0 is perfect. NaN without rows.
/// </summary>
public static class CalibrationError
{
    /// <summary>
    /// Bins of equal width over 0 to 1; empty bins count nothing. A probability on a border belongs to the upper bin, 1 to the last.
    /// </summary>
    public static double EqualWidth(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels, int bins = 10)
    {
        PointwiseMetrics.RequireSameLength(probabilities.Length, labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var gaps = new double[bins];
        for (var i = 0; i < probabilities.Length; i++)
        {
            var bin = Math.Clamp((int)(probabilities[i] * (double)bins), 0, bins - 1);
            gaps[bin] += probabilities[i] - (labels[i] ? 1 : 0);
        }
        return Total(gaps, probabilities.Length);
    }

    /// <summary>
    /// Bins that hold equally many rows (to within one) in order of probability: the better choice where nearly all probabilities are
    /// small.
    /// Rows with equal probability share what their group shares of positives evenly, so their order does not matter.
    /// </summary>
    public static double EqualCount(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels, int bins = 10)
    {
        PointwiseMetrics.RequireSameLength(probabilities.Length, labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var keys = probabilities.ToArray();
        var order = PointwiseMetrics.Ascending(keys.Length);
        Array.Sort(keys, order);
        var gaps = new double[bins];
        for (var start = 0; start < keys.Length;)
        {
            var end = start;
            double positives = 0;
            for (; end < keys.Length && keys[end] == keys[start]; end++) positives += labels[order[end]] ? 1 : 0;
            var gap = keys[start] - positives / (end - start);
            for (; start < end; start++) gaps[(int)((long)start * bins / keys.Length)] += gap;
        }
        return Total(gaps, probabilities.Length);
    }

    // The weight of a bin cancels the division by its rows: rows/n * |sum/rows| = |sum|/n.
    private static double Total(double[] gaps, int rows) => rows == 0 ? double.NaN : gaps.Sum(Math.Abs) / rows;
}
