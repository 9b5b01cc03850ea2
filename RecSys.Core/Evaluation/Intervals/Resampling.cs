namespace RecSys.Core.Evaluation.Intervals;

/// <summary>
/// The bootstrap of several figures at once: each resample draws as many units as there are, with replacement, and computes every figure
/// from the same draw, so that differences between figures are paired (Efron and Tibshirani, 1993).
/// </summary>
internal sealed class Resampling
{
    /// <summary>Resamples drawn: the ends of a 95 % interval then vary by about a twentieth of its width.</summary>
    public const int Samples = 1000;

    /// <summary>Share of the resamples that an interval of 95 % leaves out at either end.</summary>
    public const double Tail = 0.025;

    private readonly double[][] values;

    private Resampling(double[][] values) => this.values = values;

    /// <param name="figures">What is wanted.</param>
    /// <param name="units">How many users there are.</param>
    /// <param name="seed">The same seed draws the same units, whatever the figures.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <param name="samples">Resamples to draw.</param>
    public static Resampling Run(
        IReadOnlyList<IFigure> figures, int units, int seed, CancellationToken cancellationToken, int samples = Samples)
    {
        var values = figures.Select(_ => new double[samples]).ToArray();
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, samples, parallel, () => new double[units], (sample, _, weights) =>
        {
            Array.Clear(weights);
            var random = new Random(unchecked(seed * 1_000_003 + sample));
            for (var i = 0; i < units; i++) weights[random.Next(units)]++;
            for (var f = 0; f < figures.Count; f++) values[f][sample] = figures[f].Of(weights);
            return weights;
        }, _ => { });
        return new Resampling(values);
    }

    /// <summary>A figure's value in each resample, in the order of drawing.</summary>
    public double[] Values(int figure) => values[figure];

    /// <summary>The middle 95 % of a figure's resamples; null when too few of them have a value.</summary>
    public Interval? Of(int figure) => Middle(values[figure]);

    /// <summary>The middle of one figure less another; null when too few resamples have a value.</summary>
    /// <param name="figure">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="tail">Share of the resamples that is left out at either end; by default the middle is 95 %.</param>
    public Interval? OfDifference(int figure, int other, double tail = Tail) =>
        Middle([.. values[figure].Zip(values[other], (one, two) => one - two)], tail);

    private static Interval? Middle(double[] samples, double tail = Tail)
    {
        var known = samples.Where(double.IsFinite).Order().ToArray();
        return known.Length < samples.Length / 2 ? null : new Interval(Quantiles.Of(known, tail), Quantiles.Of(known, 1 - tail));
    }
}
