namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Pauses between tries, doubled each time.</summary>
internal static class GrowingPause
{
    // Beyond, every longest pause is reached, and a power would only grow.
    private const int MostDoublings = 15;

    /// <summary>The pause behind so many tries.</summary>
    /// <param name="tries">From 1 on.</param>
    /// <param name="first">Behind the first.</param>
    /// <param name="longest">No pause is longer.</param>
    public static TimeSpan After(int tries, TimeSpan first, TimeSpan longest) => TimeSpan.FromSeconds(
        Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(tries - 1, MostDoublings)), longest.TotalSeconds));
}
