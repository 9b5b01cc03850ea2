namespace RecSys.Core.Features;

/// <summary>Weights exp(-elapsed / window) of the four decaying windows.</summary>
internal readonly struct DecayFactors
{
    public const long HourMs = 3_600_000;
    public const long DayMs = 24 * HourMs;
    public const long MonthMs = 30 * DayMs;

    public static readonly DecayFactors None = new(1, 1, 1, 1);

    private DecayFactors(float hour, float day, float week, float month) => (Hour, Day, Week, Month) = (hour, day, week, month);

    public float Hour { get; }
    public float Day { get; }
    public float Week { get; }
    public float Month { get; }

    /// <summary>Weights after the given time; a time that is not positive leaves everything as it is.</summary>
    public static DecayFactors After(long elapsedMs)
    {
        if (elapsedMs <= 0) return None;
        var hours = Hours(elapsedMs);
        return new DecayFactors(MathF.Exp(-hours), DayAfter(hours), WeekAfter(hours), MathF.Exp(hours * (-1f / 720)));
    }

    /// <summary>Hours of an elapsed time.</summary>
    public static float Hours(long elapsedMs) => elapsedMs * (1f / HourMs);

    /// <summary>The day's weight alone.</summary>
    public static float DayAfter(float hours) => MathF.Exp(hours * (-1f / 24));

    /// <summary>The week's weight alone.</summary>
    public static float WeekAfter(float hours) => MathF.Exp(hours * (-1f / 168));
}
