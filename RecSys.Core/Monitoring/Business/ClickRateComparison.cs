namespace RecSys.Core.Monitoring.Business;

/// <summary>The click rate of the last minutes beside the usual one.</summary>
/// <param name="Minutes">Length of the stretch, which ended with the last full minute.</param>
/// <param name="Impressions">In it.</param>
/// <param name="Clicks">In it.</param>
/// <param name="Now">Clicks by impressions.</param>
/// <param name="Usual">See <see cref="UsualClickRate"/>.</param>
/// <param name="Change"><c>Now / Usual - 1</c>.</param>
/// <param name="Proven">
/// What of the change is more than noise: 0 while <paramref name="Usual"/> is in the interval of the rate, else how far the nearer end of
/// the interval is from it, as a share of it. Negative for a drop.
/// </param>
public sealed record ClickRateComparison(
    int Minutes, long Impressions, long Clicks, double Now, double Usual, double Change, double Proven)
{
    // Asked every few seconds about overlapping minutes: three standard deviations, one wrong side in 741 independent looks.
    private const double Z = 3;

    /// <summary>
    /// Compares by Wilson's interval (Wilson 1927, JASA 22, 209-212) of three standard deviations; it holds for small rates, too. What is
    /// usual counts as known: it is of many days.
    /// </summary>
    public static ClickRateComparison Of(int minutes, long impressions, long clicks, double usual)
    {
        var rate = Math.Clamp((double)clicks / impressions, 0, 1);
        var spread = Z * Z / impressions;
        var middle = (rate + spread / 2) / (1 + spread);
        var half = Z / (1 + spread) * Math.Sqrt(rate * (1 - rate) / impressions + spread / (4 * impressions));
        var proven = usual > middle + half ? (middle + half) / usual - 1 : usual < middle - half ? (middle - half) / usual - 1 : 0;
        return new ClickRateComparison(minutes, impressions, clicks, rate, usual, rate / usual - 1, proven);
    }
}
