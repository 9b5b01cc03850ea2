using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>The click rate of the last minutes beside the usual one.</summary>
/// <param name="Minutes">How many.</param>
/// <param name="Impressions">In them.</param>
/// <param name="Clicks">In them.</param>
/// <param name="Now">Clicks by impressions.</param>
/// <param name="Usual">Of this hour of the day.</param>
/// <param name="Change">As a share of the usual one, negative for a drop.</param>
/// <param name="Proven">What of the change is more than noise.</param>
public sealed record ClickRateBody(int Minutes, long Impressions, long Clicks, double Now, double Usual, double Change, double Proven)
{
    internal static ClickRateBody? Of(ClickRateComparison? comparison) => comparison is null ? null : new(
        comparison.Minutes, comparison.Impressions, comparison.Clicks, Math.Round(comparison.Now, 6), Math.Round(comparison.Usual, 6),
        Math.Round(comparison.Change, 4), Math.Round(comparison.Proven, 4));
}
