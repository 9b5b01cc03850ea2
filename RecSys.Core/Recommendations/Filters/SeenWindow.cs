using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>From when on what a user has seen of an item keeps it out of the list.</summary>
internal readonly struct SeenWindow
{
    private readonly long shownSince;
    private readonly long consumedSince;

    private SeenWindow(long shownSince, long consumedSince) => (this.shownSince, this.consumedSince) = (shownSince, consumedSince);

    public static SeenWindow Of(RecommendationContext context) => new(
        context.Time.AddDays(-context.Policy.DedupDays).ToUnixTimeMilliseconds(),
        context.Policy.ConsumedDays is { } days ? context.FeatureTimeMs - (long)TimeSpan.FromDays(days).TotalMilliseconds : long.MinValue);

    /// <summary>Why the item stays out, or null.</summary>
    public string? ReasonAgainst(in SeenEntry entry)
    {
        if (!entry.IsKnown) return null;
        if (entry.Rejected) return "rejected";
        if (entry.ConsumedMs >= consumedSince) return "already_consumed";
        return entry.ShownMs >= shownSince ? "recently_shown" : null;
    }
}
