using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>An hour.</summary>
/// <param name="Hour">Its start.</param>
/// <param name="Requests">Lists answered in it.</param>
/// <param name="Impressions">Of them.</param>
/// <param name="Clicks">On them, whenever they came.</param>
/// <param name="Ctr">Clicks by impressions.</param>
/// <param name="YesterdayCtr">Of the same hour of the day before.</param>
/// <param name="UsualCtr">Median of the same hour over 28 days; null with fewer than 3 days of 100 impressions.</param>
/// <param name="Revenue">Refunds taken off.</param>
/// <param name="Ecpm">Revenue of 1,000 impressions.</param>
/// <param name="PersonalShare">Of the lists.</param>
public sealed record BusinessHourBody(
    DateTimeOffset Hour, long Requests, long Impressions, long Clicks, double? Ctr, double? YesterdayCtr, double? UsualCtr, double Revenue,
    double? Ecpm, double? PersonalShare)
{
    internal static BusinessHourBody Of(BusinessHourRow row) => new(
        row.Hour, row.Totals.Requests, row.Totals.Impressions, row.Totals.Clicks, Rounded.Rate(row.Totals.ClickRate),
        Rounded.Rate(row.Yesterday), Rounded.Rate(row.Usual), Rounded.Money(row.Totals.Revenue), Rounded.Money(row.Totals.Ecpm),
        Rounded.Rate(row.Totals.PersonalShare));
}
