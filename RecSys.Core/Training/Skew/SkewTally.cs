using RecSys.Core.Features;

namespace RecSys.Core.Training.Skew;

/// <summary>Counts differences per feature.</summary>
internal sealed class SkewTally(FeatureCatalogue catalogue)
{
    /// <summary>Largest difference that counts as equal, relative to the larger of the two values.</summary>
    public const double Tolerance = 1e-5;

    // Below this, 1e-5 of the value is less than the rounding of what it was computed from: a cosine near zero.
    private const double SmallestMagnitude = 0.01;

    private readonly int[] mismatches = new int[catalogue.Count];
    private readonly int[] numbers = new int[catalogue.Count];
    private readonly double[] sums = new double[catalogue.Count];
    private readonly double[] largest = new double[catalogue.Count];

    public int Rows { get; private set; }

    /// <summary>
    /// True when one of the values is missing and the other is not, or when they are further apart than <see cref="Tolerance"/>.
    /// </summary>
    public static bool Differs(float served, float replayed)
    {
        if (float.IsNaN(served) || float.IsNaN(replayed)) return float.IsNaN(served) != float.IsNaN(replayed);
        if (served == replayed) return false;
        if (float.IsInfinity(served) || float.IsInfinity(replayed)) return true;
        return Math.Abs((double)served - replayed) > Tolerance
            * Math.Max(SmallestMagnitude, Math.Max(Math.Abs(served), Math.Abs(replayed)));
    }

    public void Add(ReadOnlySpan<float> served, ReadOnlySpan<float> replayed)
    {
        Rows++;
        for (var column = 0; column < mismatches.Length; column++)
        {
            var (was, now) = (served[column], replayed[column]);
            if (Differs(was, now)) mismatches[column]++;
            var difference = was == now ? 0 : Math.Abs((double)was - now);
            if (!double.IsFinite(difference)) continue;
            numbers[column]++;
            sums[column] += difference;
            largest[column] = Math.Max(largest[column], difference);
        }
    }

    /// <summary>By share of mismatches, the largest first; equal ones in the order of the catalogue.</summary>
    public IReadOnlyList<FeatureSkew> ToFeatures() =>
    [
        .. catalogue.Names
            .Select((name, column) =>
                new FeatureSkew(name, Rows, mismatches[column], largest[column], numbers[column] == 0 ? 0 : sums[column] / numbers[column]))
            .OrderByDescending(feature => feature.Mismatches),
    ];
}
