namespace RecSys.Core.Simulation.Truth;

/// <summary>A mean with its 95 % interval by Student's t.</summary>
/// <param name="Mean">Of the values.</param>
/// <param name="HalfWidth">Mean minus and plus this is the interval; NaN for one value.</param>
public readonly record struct MeanInterval(double Mean, double HalfWidth)
{
    private static readonly double[] Few = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469];

    public double Low => Mean - HalfWidth;
    public double High => Mean + HalfWidth;

    /// <summary>True when 0 is outside.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;

    public static MeanInterval Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        if (values.Count < 2) return new MeanInterval(mean, double.NaN);
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new MeanInterval(mean, Quantile(values.Count - 1) * Math.Sqrt(variance / values.Count));
    }

    /// <summary>
    /// The 0.975 quantile of Student's t: up to 6 degrees of freedom by table, then the normal quantile with four terms of
    /// Abramowitz and Stegun 26.7.5, right to three figures after the point.
    /// </summary>
    internal static double Quantile(int degrees)
    {
        if (degrees <= Few.Length) return Few[degrees - 1];
        const double z = 1.959963985;
        var (z3, z5, z7, z9) = (Math.Pow(z, 3), Math.Pow(z, 5), Math.Pow(z, 7), Math.Pow(z, 9));
        return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * Math.Pow(degrees, 2))
            + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * Math.Pow(degrees, 3))
            + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * Math.Pow(degrees, 4));
    }
}
