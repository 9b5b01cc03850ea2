namespace RecSys.Core.Models.Reference;

/// <summary>
/// Population stability index: the sum over bins of (p - q) ln(p / q), the symmetric Kullback-Leibler divergence (Lewis, An Introduction to
/// Credit Scoring, 1994; Siddiqi, Credit Risk Scorecards, 2006). 0 where both are alike; by custom below 0.1 stable, from 0.2 on a shift.
/// </summary>
public static class StabilityIndex
{
    // Half a row in each bin, so that an empty one stays finite (Krichevsky and Trofimov 1981; Jeffreys' prior).
    private const double Smoothing = 0.5;

    /// <param name="before">Rows by bin.</param>
    /// <param name="after">Rows by the same bins.</param>
    public static double Of(ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var (all, now) = (Sum(before), Sum(after));
        var index = 0.0;
        for (var i = 0; i < before.Length; i++)
        {
            var (p, q) = ((after[i] + Smoothing) / now, (before[i] + Smoothing) / all);
            index += (p - q) * Math.Log(p / q);
        }
        return index;
    }

    /// <summary>
    /// What two samples of one distribution have on average: (bins - 1)(1/n + 1/m), as the index is then about (1/n + 1/m) times a
    /// chi-square of bins - 1 degrees of freedom (Yurdakul, Statistical Properties of Population Stability Index, 2018, chapter 3).
    /// </summary>
    /// <param name="before">Rows by bin; bins that are empty on both sides do not count.</param>
    /// <param name="after">Rows by the same bins.</param>
    /// <param name="n">Independent observations behind <paramref name="after"/>.</param>
    /// <param name="m">Independent observations behind <paramref name="before"/>.</param>
    public static double Noise(ReadOnlySpan<int> before, ReadOnlySpan<int> after, double n, double m)
    {
        var bins = 0;
        for (var i = 0; i < before.Length; i++) bins += before[i] + after[i] > 0 ? 1 : 0;
        return bins <= 1 ? 0 : (bins - 1) * (1 / n + 1 / m);
    }

    private static double Sum(ReadOnlySpan<int> counts)
    {
        var sum = Smoothing * counts.Length;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
