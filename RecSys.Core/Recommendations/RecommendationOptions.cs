using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Core.Recommendations;

/// <summary>Settings of the request path, section <c>Recommendations</c>.</summary>
public sealed class RecommendationOptions
{
    public const string SectionName = "Recommendations";

    /// <summary>Candidates that reach the filters after seen items are allowed for.</summary>
    [Range(10, 10_000)]
    public int Candidates { get; set; } = 500;

    /// <summary>An item in a served list is not served again to the same user for this many days.</summary>
    [Range(0, 365)]
    public double DedupDays { get; set; } = 7;

    /// <summary>A consumed item is not served again for this many days; null: never again.</summary>
    [Range(0, 36_500)]
    public double? ConsumedDays { get; set; }

    /// <summary>At most this many items of one category among the first <see cref="DiversityTop"/>.</summary>
    [Range(1, 100)]
    public int MaxPerCategory { get; set; } = 3;

    /// <summary>How many first positions the diversity rule looks at.</summary>
    [Range(1, 100)]
    public int DiversityTop { get; set; } = 10;

    /// <summary>Boost of an item that is new today, as a fraction of its score.</summary>
    [Range(0, 1)]
    public double FreshnessBoost { get; set; } = 0.09;

    /// <summary>Days of age that take one percent of boost away.</summary>
    [Range(0.001, 1000)]
    public double FreshnessDaysPerPercent { get; set; } = 6;

    /// <summary>Share of the requests whose features are logged as served, for the skew check.</summary>
    [Range(0, 1)]
    public double FeatureLogShare { get; set; } = 0.02;

    /// <summary>Logged features are deleted after this many days.</summary>
    [Range(0.01, 3650)]
    public double FeatureLogDays { get; set; } = 7;

    /// <summary>Requests whose work after the response may wait; further ones are dropped and counted.</summary>
    [Range(16, 1_000_000)]
    public int SideEffectQueue { get; set; } = 4096;

    /// <summary>Most candidates from items chosen together; 0 turns the source off.</summary>
    [Range(0, 10_000)]
    public int CoVisitationLimit { get; set; } = 100;

    /// <summary>Two items are chosen together when one user's events on them lie at most so many hours apart.</summary>
    [Range(0.01, 8760)]
    public double CoVisitationWindowHours { get; set; } = 24;

    /// <summary>A joint choice counts e^(-age / this many days).</summary>
    [Range(0.1, 3650)]
    public double CoVisitationDecayDays { get; set; } = 60;

    /// <summary>Most neighbours remembered per item; 8 bytes each.</summary>
    [Range(4, 1024)]
    public int CoVisitationNeighbours { get; set; } = 32;

    /// <summary>Most candidates from trending items; 0 turns the source off.</summary>
    [Range(0, 1000)]
    public int TrendingLimit { get; set; } = 50;

    /// <summary>Days after its creation during which an item counts as new.</summary>
    [Range(0.01, 365)]
    public double NewItemDays { get; set; } = 14;

    /// <summary>New items proposed, as a fraction of <see cref="Candidates"/>; 0 turns the source off.</summary>
    [Range(0, 0.5)]
    public double NewItemShare { get; set; } = 0.05;

    /// <summary>In the popularity of a segment (device, place, age and gender) an event counts e^(-age / this many days).</summary>
    [Range(0.1, 3650)]
    public double SegmentDecayDays { get; set; } = 30;

    /// <summary>Events (decayed) from which on a segment's own popularity is trusted; below, a coarser segment answers.</summary>
    [Range(1, 1_000_000)]
    public double SegmentMinEvents { get; set; } = 200;

    /// <summary>What of these settings belongs to a variant, as the policy of whoever is in no experiment.</summary>
    public Policy ToPolicy() => new()
    {
        Candidates = Candidates,
        DedupDays = DedupDays,
        ConsumedDays = ConsumedDays,
        MaxPerCategory = MaxPerCategory,
        DiversityTop = DiversityTop,
        FreshnessBoost = FreshnessBoost,
        FreshnessDaysPerPercent = FreshnessDaysPerPercent,
        CoVisitationLimit = CoVisitationLimit,
        TrendingLimit = TrendingLimit,
        NewItemShare = NewItemShare,
    };
}
