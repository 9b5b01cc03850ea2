using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Business;

/// <summary>What lists brought, added up.</summary>
/// <param name="Requests">Served lists.</param>
/// <param name="Impressions">Of each list the impressions that were reported, and its places where none was.</param>
/// <param name="Clicks">Clicks that name the list and one of its items; one that is taken back counts down.</param>
/// <param name="Engagements">
/// Positive events beyond click and view: likes, follows, long views, carts, purchases, ratings; see docs/monitoring.md.
/// </param>
/// <param name="Personal">Lists that were personal.</param>
/// <param name="Revenue">Money, refunds taken off.</param>
public readonly record struct BusinessTotals(
    long Requests, long Impressions, long Clicks, long Engagements, long Personal, double Revenue)
{
    /// <summary>Clicks by impressions; null without impressions.</summary>
    public double? ClickRate => Share(Clicks, Impressions);

    /// <summary>Engagements by impressions; null without impressions.</summary>
    public double? EngagementRate => Share(Engagements, Impressions);

    /// <summary>Personal lists by lists; null without lists.</summary>
    public double? PersonalShare => Share(Personal, Requests);

    /// <summary>Revenue of 1,000 impressions; null without impressions.</summary>
    public double? Ecpm => Impressions > 0 ? 1000 * Revenue / Impressions : null;

    public static BusinessTotals operator +(BusinessTotals a, BusinessTotals b) => new(
        a.Requests + b.Requests, a.Impressions + b.Impressions, a.Clicks + b.Clicks, a.Engagements + b.Engagements,
        a.Personal + b.Personal, a.Revenue + b.Revenue);

    internal void Write(RecordWriter writer)
    {
        writer.Int64(Requests);
        writer.Int64(Impressions);
        writer.Int64(Clicks);
        writer.Int64(Engagements);
        writer.Int64(Personal);
        writer.Double(Revenue);
    }

    internal static BusinessTotals Read(ref RecordReader reader) =>
        new(reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Double());

    private static double? Share(long part, long all) => all > 0 ? (double)part / all : null;
}
