namespace RecSys.Core.Evaluation;

/// <summary>A figure of all users with its interval.</summary>
/// <param name="Value">Of all users.</param>
/// <param name="Interval">What it may be beyond chance.</param>
public readonly record struct Estimate(double Value, Interval Interval)
{
    public Estimate(double value, double low, double high)
        : this(value, new Interval(low, high))
    {
    }

    /// <summary>Lower end.</summary>
    public double Low => Interval.Low;

    /// <summary>Upper end.</summary>
    public double High => Interval.High;
}
