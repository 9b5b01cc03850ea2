using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>
/// A ratio of two sums over clusters, <c>Σ n / Σ d</c>, or the difference of two such ratios, with an interval that is corrected for bias
/// and skewness (BC<sub>a</sub>: Efron, 1987): weighted rewards are rare and large, and a plain percentile interval lies too low for them.
/// Its tails are those of Student's t, widened for the narrowness of a resample (Hesterberg, 2015).
/// </summary>
internal sealed class ClusteredRatio(double[] numerators, double[] denominators) : IFigure
{
    /// <summary>The estimate of the whole sample.</summary>
    public double Value { get; } = numerators.Sum() / denominators.Sum();

    public double Of(ReadOnlySpan<double> weights) =>
        TensorPrimitives.Dot(weights, numerators) / TensorPrimitives.Dot(weights, denominators);

    /// <summary>The estimate without each cluster in turn.</summary>
    public double[] LeftOut()
    {
        var (numerator, denominator) = (numerators.Sum(), denominators.Sum());
        var values = new double[numerators.Length];
        for (var i = 0; i < values.Length; i++) values[i] = (numerator - numerators[i]) / (denominator - denominators[i]);
        return values;
    }

    /// <summary>The interval from resamples and left-out estimates of the same statistic.</summary>
    /// <param name="estimate">Of the whole sample.</param>
    /// <param name="resamples">Values that are no number are ignored.</param>
    /// <param name="leftOut">One value per cluster.</param>
    /// <param name="level">Coverage.</param>
    public static Estimate Interval(double estimate, double[] resamples, ReadOnlySpan<double> leftOut, double level)
    {
        var finite = Array.FindAll(resamples, double.IsFinite);
        if (finite.Length == 0) return new Estimate(estimate, double.NaN, double.NaN);
        Array.Sort(finite);
        // All alike: no noise is left to correct.
        if (finite[0] == finite[^1]) return new Estimate(estimate, finite[0], finite[^1]);
        var below = 0.0;
        foreach (var value in finite) below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
        // Half a resample away from the ends, where the correction would be infinite.
        var share = Math.Clamp(below / finite.Length, 0.5 / finite.Length, 1 - 0.5 / finite.Length);
        var bias = Normal.InvCDF(0, 1, share);
        var acceleration = Acceleration(leftOut);
        var clusters = leftOut.Length;
        var tail = Math.Sqrt(clusters / (clusters - 1.0)) * StudentT.InvCDF(0, 1, clusters - 1, (1 - level) / 2);
        return new Estimate(estimate, At(tail), At(-tail));

        double At(double z) =>
            Quantiles.Of(finite, Normal.CDF(0, 1, bias + (bias + z) / (1 - acceleration * (bias + z))));
    }

    // Skewness of the influence of single clusters, over six.
    private static double Acceleration(ReadOnlySpan<double> leftOut)
    {
        var mean = 0.0;
        foreach (var value in leftOut) mean += value;
        mean /= leftOut.Length;
        double squares = 0, cubes = 0;
        foreach (var value in leftOut)
        {
            var difference = mean - value;
            squares += difference * difference;
            cubes += difference * difference * difference;
        }
        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
    }
}
