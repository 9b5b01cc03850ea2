namespace RecSys.Api.Contracts;

/// <summary>Rates as replies tell them.</summary>
internal static class PerSecond
{
    /// <summary>How many there were in a second of a stretch of time, to three decimals.</summary>
    public static double Of(long count, DateTimeOffset from, DateTimeOffset to) =>
        Math.Round(count / Math.Max(0.001, (to - from).TotalSeconds), 3);
}
