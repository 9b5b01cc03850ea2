using System.Globalization;

namespace RecSys.Core.Import.Meaning;

/// <summary>From where to where ratings go.</summary>
/// <param name="Low">The worst.</param>
/// <param name="High">The best.</param>
internal readonly record struct RatingScale(double Low, double High)
{
    private const double PositiveShare = 0.7, NegativeShare = 0.3;

    // Narrow ones first: the first that holds all values is taken.
    private static readonly RatingScale[] Usual =
        [new(0, 1), new(1, 5), new(0.5, 5), new(0, 5), new(1, 10), new(0, 10), new(1, 100), new(0, 100), new(-1, 1), new(-5, 5), new(-10, 10), new(-100, 100)];

    /// <summary>From here on a rating is a wish.</summary>
    internal double PositiveFrom => Low + PositiveShare * (High - Low);

    /// <summary>Down from here it counts against.</summary>
    internal double NegativeTo => Low + NegativeShare * (High - Low);

    /// <summary>The narrowest usual scale that holds all values between two, or that range itself.</summary>
    internal static RatingScale Of(double least, double greatest)
    {
        foreach (var scale in Usual)
        {
            if (least >= scale.Low && greatest <= scale.High) return scale;
        }
        return new RatingScale(least, greatest);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low} to {High}");
}
