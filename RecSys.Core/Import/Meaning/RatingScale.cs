using System.Globalization;

namespace RecSys.Core.Import.Meaning;

/// <summary>From where to where ratings go.</summary>
/// <param name="Low">The worst.</param>
/// <param name="High">The best.</param>
internal readonly record struct RatingScale(double Low, double High)
{
    /// <summary>A rating further from 0 is a mistake rather than news of another scale.</summary>
    internal const double Most = 100;

    private const double PositiveShare = 0.7, NegativeShare = 0.3;

    // Narrow ones first: the first that holds all values is taken.
    private static readonly RatingScale[] Usual =
        [
        new(0, 1), new(1, 5), new(0.5, 5), new(0, 5), new(1, 10), new(0, 10), new(1, 100), new(0, 100), new(-1, 1), new(-5, 5),
        new(-10, 10), new(-100, 100),
    ];

    /// <summary>From here on a rating is a wish: the upper 30 % of the scale.</summary>
    /// <param name="step">Between neighbouring ratings; 0 when there is none.</param>
    internal double PositiveFrom(double step) => Rounded(Low + PositiveShare * (High - Low), step, Math.Ceiling, -1e-9);

    /// <summary>Down from here it counts against: the lower 30 %.</summary>
    /// <inheritdoc cref="PositiveFrom"/>
    internal double NegativeTo(double step) => Rounded(Low + NegativeShare * (High - Low), step, Math.Floor, 1e-9);

    /// <summary>True for a value that lies on the scale.</summary>
    internal bool Holds(double value) => value >= Low && value <= High;

    /// <summary>What ratings are taken for where nothing tells: one to five stars.</summary>
    internal static RatingScale Stars { get; } = new(1, 5);

    /// <summary>The narrowest usual scale that holds all values between two, or that range itself.</summary>
    internal static RatingScale Of(double least, double greatest)
    {
        // Nothing but ones, or nothing but zeros, are more often the end of a longer scale than all of yes and no.
        var usual = least == greatest && least is 0 or 1 ? Usual.AsSpan(1) : Usual;
        foreach (var scale in usual)
        {
            if (least >= scale.Low && greatest <= scale.High) return scale;
        }
        return new RatingScale(least, greatest);
    }

    // Only what people read changes: no rating lies between the bound and the next step.
    private static double Rounded(double bound, double step, Func<double, double> round, double slack) =>
        step == 0 ? bound : round(bound / step + slack) * step;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low} to {High}");
}
