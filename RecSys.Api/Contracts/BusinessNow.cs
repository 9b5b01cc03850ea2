using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>What happened in the last 60 minutes, whatever list it belongs to. Rates are null where they are of nothing.</summary>
/// <param name="Requests">Lists answered.</param>
/// <param name="Impressions">Reported ones, and the places of lists of which none was.</param>
/// <param name="Clicks">On their items.</param>
/// <param name="Ctr">Clicks by impressions.</param>
/// <param name="TargetCtr">The one that is wanted; null where none is set.</param>
/// <param name="Revenue">Refunds taken off.</param>
/// <param name="Ecpm">Revenue of 1,000 impressions.</param>
/// <param name="EngagementRate">Likes, follows, long views, carts, purchases and ratings by impressions.</param>
/// <param name="PersonalShare">Of the lists.</param>
public sealed record BusinessNow(
    long Requests, long Impressions, long Clicks, double? Ctr, double? TargetCtr, double Revenue, double? Ecpm, double? EngagementRate,
    double? PersonalShare)
{
    internal static BusinessNow Of(BusinessTotals totals, double? target) => new(
        totals.Requests, totals.Impressions, totals.Clicks, Rounded.Rate(totals.ClickRate), target, Rounded.Money(totals.Revenue),
        Rounded.Money(totals.Ecpm), Rounded.Rate(totals.EngagementRate), Rounded.Rate(totals.PersonalShare));
}
