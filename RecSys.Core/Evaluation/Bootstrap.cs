namespace RecSys.Core.Evaluation;

/// <summary>
/// Percentile bootstrap intervals (Efron, 1979). The resampled unit is the user, because the events of one user are not independent:
/// pass one value per user, not one per impression.
/// </summary>
public static class Bootstrap
{
    /// <summary>Interval of the mean; NaN values (users for whom the metric is undefined) are left out.</summary>
    /// <param name="perUser">One value per user.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="samples">Number of resamples.</param>
    /// <param name="level">Coverage of the interval, between 0 and 1.</param>
    public static Estimate Mean(ReadOnlySpan<double> perUser, int seed, int samples = 1000, double level = 0.95) =>
        WeightedMean(perUser, default, seed, samples, level);

    /// <summary>
    /// Interval of the mean of <paramref name="challenger"/> - <paramref name="champion"/> over the same users, in the same order.
    /// </summary>
    public static Estimate PairedDifference(
        ReadOnlySpan<double> challenger, ReadOnlySpan<double> champion, int seed, int samples = 1000, double level = 0.95)
    {
        if (challenger.Length != champion.Length)
            throw new ArgumentException($"{challenger.Length} users against {champion.Length}; both must be the same users.",
                nameof(champion));
        var differences = new double[challenger.Length];
        for (var i = 0; i < differences.Length; i++) differences[i] = challenger[i] - champion[i];
        return Mean(differences, seed, samples, level);
    }

    /// <summary>Interval of a mean weighted per user, such as GAUC; both the value and its weight are resampled together.</summary>
    /// <param name="perUser">One value per user; NaN is left out.</param>
    /// <param name="weights">Empty for equal weights, else non-negative, one per user.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="samples">Number of resamples.</param>
    /// <param name="level">Coverage of the interval, between 0 and 1.</param>
    public static Estimate WeightedMean(
        ReadOnlySpan<double> perUser, ReadOnlySpan<double> weights, int seed, int samples = 1000, double level = 0.95)
    {
        if (!weights.IsEmpty && weights.Length != perUser.Length)
            throw new ArgumentException($"{weights.Length} weights for {perUser.Length} users.", nameof(weights));
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "Between 0 and 1.");

        var values = new List<(double Value, double Weight)>(perUser.Length);
        for (var i = 0; i < perUser.Length; i++)
        {
            if (!double.IsNaN(perUser[i])) values.Add((perUser[i], weights.IsEmpty ? 1 : weights[i]));
        }
        if (values.Count == 0) return new Estimate(double.NaN, double.NaN, double.NaN);

        var random = new Random(seed);
        var means = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            double sum = 0, total = 0;
            for (var i = 0; i < values.Count; i++)
            {
                var (value, weight) = values[random.Next(values.Count)];
                sum += value * weight;
                total += weight;
            }
            means[sample] = sum / total;
        }
        Array.Sort(means);
        var tail = (1 - level) / 2;
        return new Estimate(
            values.Sum(v => v.Value * v.Weight) / values.Sum(v => v.Weight), Quantiles.Of(means, tail), Quantiles.Of(means, 1 - tail));
    }
}
