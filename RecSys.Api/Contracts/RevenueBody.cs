using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>Money of a source.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Revenue">Refunds taken off.</param>
/// <param name="Events">That brought it or took it back.</param>
/// <param name="Ecpm">Of 1,000 impressions of all lists, so that sources add up.</param>
public sealed record RevenueBody(string Source, double Revenue, long Events, double? Ecpm)
{
    internal static RevenueBody Of(NamedRevenue revenue, long impressions) => new(
        revenue.Source, Rounded.Money(revenue.Totals.Revenue), revenue.Totals.Events,
        impressions > 0 ? Rounded.Money(1000 * revenue.Totals.Revenue / impressions) : null);
}
