using System.Diagnostics.Metrics;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Monitoring.Business;

/// <summary>What served lists bring, as instruments.</summary>
public sealed class BusinessMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Business";

    // Names of variants are few; should somebody make up many, the rest has one name.
    private const int MostVariants = 40;

    private readonly HashSet<string> variants = new(StringComparer.Ordinal);
    private readonly Counter<long> impressions;
    private readonly Counter<long> clicks;
    private readonly Counter<long> engagements;
    private readonly Counter<double> revenue;
    private readonly Counter<double> refunds;
    private readonly Counter<long> leftOut;

    private BusinessFigures? figures;

    public BusinessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        impressions = meter.CreateCounter<long>("recsys_impressions_reported",
                description: "Impressions of served lists that apps reported")
            .Noted("beside recsys_places_served_total: an app that stops reporting shows here", "variant");
        clicks = meter.CreateCounter<long>("recsys_clicks", description: "Clicks that name a served list and one of its items")
            .Noted("by impressions reported: the click rate of each variant", "variant");
        engagements = meter.CreateCounter<long>("recsys_engagements",
                description: "Positive events beyond click and view on items of served lists")
            .Noted("falls while clicks stay: the lists promise more than they hold", "variant");
        revenue = meter.CreateCounter<double>("recsys_revenue", description: "Money that served lists brought, by source")
            .Noted("in the currency of GET /monitoring/business", "source");
        refunds = meter.CreateCounter<double>("recsys_refunds", description: "Money that was given back, by source")
            .Noted("few beside recsys_revenue_total", "source");
        leftOut = meter.CreateCounter<long>("recsys_events_unattributed",
                description: "Events that name a request and are in no business figure, by reason")
            .Noted("unknown_request that jumps: the app mixes up request ids, or served records are dropped", "reason");
        meter.CreateKnownGauge("recsys_click_rate", () => figures?.LastHour.ClickRate, "Clicks by impressions of the last 60 minutes")
            .Noted("beside recsys_click_rate_target");
        meter.CreateKnownGauge("recsys_click_rate_target", () => figures?.TargetClickRate, "Click rate that is wanted, where one is set")
            .Noted("Monitoring:TargetClickRate");
        meter.CreateKnownGauge("recsys_click_rate_change", () => figures?.ClickRateChange,
                "Proven change against the usual click rate, as a share of it")
            .Noted("0 is noise; -0.3 and -0.5 are the levels of the alert");
        meter.CreateKnownGauge("recsys_personal_share", () => figures?.LastHour.PersonalShare,
                "Personal lists by lists of the last 60 minutes")
            .Noted("falls: users are unknown, see recsys_recommendations_not_personal_total");
        meter.CreateKnownGauge("recsys_ecpm", () => figures?.LastHour.Ecpm, "Revenue of 1,000 impressions of the last 60 minutes")
            .Noted("falls while clicks stay: what is clicked brings less");
    }

    internal void Observe(BusinessFigures business) => figures = business;

    internal void Counted(CountedList list, in ListOutcomeEvent e)
    {
        var variant = new KeyValuePair<string, object?>("variant", Known(list.Variant));
        if (e.IsImpression) impressions.Add(1, variant);
        var adds = e.Adds;
        if (adds.Clicks > 0) clicks.Add(1, variant);
        if (adds.Engagements > 0) engagements.Add(1, variant);
    }

    internal void Earned(RevenueSource source, double money)
    {
        var tag = new KeyValuePair<string, object?>("source", source.ToName());
        if (money > 0) revenue.Add(money, tag);
        else if (money < 0) refunds.Add(-money, tag);
    }

    internal void LeftOut(LeftOut why) => leftOut.Add(1, new KeyValuePair<string, object?>("reason", why.ToName()));

    // One thread counts.
    private string Known(string variant)
    {
        if (variants.Contains(variant)) return variant;
        if (variants.Count >= MostVariants) return NamedTotals.Other;
        variants.Add(variant);
        return variant;
    }
}
