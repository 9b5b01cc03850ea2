using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>A row of a break-down.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Requests">Lists.</param>
/// <param name="Impressions">Of them.</param>
/// <param name="Clicks">On them.</param>
/// <param name="Ctr">Clicks by impressions.</param>
/// <param name="Revenue">Refunds taken off.</param>
/// <param name="Ecpm">Revenue of 1,000 impressions.</param>
/// <param name="EngagementRate">Engagements by impressions.</param>
/// <param name="PersonalShare">Of the lists.</param>
public sealed record BusinessBody(
    string Name, long Requests, long Impressions, long Clicks, double? Ctr, double Revenue, double? Ecpm, double? EngagementRate,
    double? PersonalShare)
{
    internal static BusinessBody Of(string name, BusinessTotals totals) => new(
        name, totals.Requests, totals.Impressions, totals.Clicks, Rounded.Rate(totals.ClickRate), Rounded.Money(totals.Revenue),
        Rounded.Money(totals.Ecpm), Rounded.Rate(totals.EngagementRate), Rounded.Rate(totals.PersonalShare));
}
