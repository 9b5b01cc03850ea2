using System.Text.Json.Nodes;
using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/business</c>: what the lists answered in some hours brought, whenever it came.</summary>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">Now.</param>
/// <param name="Currency">Of all money; null before any came.</param>
/// <param name="Now">What happened in the last 60 minutes.</param>
/// <param name="Total">The lists of all the hours.</param>
/// <param name="Hours">Each hour, the present one last.</param>
/// <param name="RevenueBySource">Money of all the hours.</param>
/// <param name="By">The same lists by what tells them apart.</param>
/// <param name="ClickRate">The last minutes beside what is usual; null where there is too little to say.</param>
/// <param name="LeftOut">Events in no figure since the figures began, by reason.</param>
/// <param name="Holdout">What users without personal lists bring; null while no experiment holds some out.</param>
public sealed record BusinessReport(
    DateTimeOffset From, DateTimeOffset To, string? Currency, BusinessNow Now, BusinessBody Total, IReadOnlyList<BusinessHourBody> Hours,
    IReadOnlyList<RevenueBody> RevenueBySource, BusinessBreakDowns By, ClickRateBody? ClickRate, IReadOnlyDictionary<string, long> LeftOut,
    JsonNode? Holdout)
{
    internal static BusinessReport Of(BusinessWindow window) => new(
        window.From, window.To, window.Currency, BusinessNow.Of(window.Now, window.Target), BusinessBody.Of("total", window.All),
        [.. window.Hours.Select(BusinessHourBody.Of)],
        [.. window.Revenue.Select(revenue => RevenueBody.Of(revenue, window.All.Impressions))], BusinessBreakDowns.Of(window.By),
        ClickRateBody.Of(window.Comparison),
        LeftOutNames.All.Zip(window.LeftOut).ToDictionary(reason => reason.First, reason => reason.Second), Holdout: null);
}

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

/// <summary>The lists by what tells them apart; at most 40 rows each and <c>other</c>.</summary>
/// <param name="Variant">Arms of the experiment.</param>
/// <param name="Scenario">Named placements.</param>
/// <param name="Segment">Kinds of users; those of one kind add up.</param>
/// <param name="Source">Who proposed the items; one that several proposed counts for each.</param>
public sealed record BusinessBreakDowns(
    IReadOnlyList<BusinessBody> Variant, IReadOnlyList<BusinessBody> Scenario, IReadOnlyList<BusinessBody> Segment,
    IReadOnlyList<BusinessBody> Source)
{
    internal static BusinessBreakDowns Of(IReadOnlyDictionary<BreakDown, IReadOnlyList<BusinessRow>> by)
    {
        return new BusinessBreakDowns(
            Rows(BreakDown.Variant), Rows(BreakDown.Scenario), Rows(BreakDown.Segment), Rows(BreakDown.Source));

        BusinessBody[] Rows(BreakDown dimension) => [.. by[dimension].Select(row => BusinessBody.Of(row.Name, row.Totals))];
    }
}

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
