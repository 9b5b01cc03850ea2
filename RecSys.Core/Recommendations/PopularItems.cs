using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Servable items by their positive events, most first, at most 2,000: overall, or in the narrowest segment of the asking user that has enough
/// events. Refreshed once a minute by a request that finds them old.
/// </summary>
public sealed class PopularItems
{
    private const int Length = 2000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly LiveState state;
    private readonly TimeProvider time;
    private readonly SegmentCounts? segments;
    private readonly double minEvents;
    private readonly Refreshed<OverallRanking> overall;
    private readonly ConcurrentDictionary<Segment, Refreshed<SegmentRanking>> bySegment = new();

    /// <param name="state">Catalogue and overall counts.</param>
    /// <param name="time">When to refresh.</param>
    /// <param name="segments">Counts by segment; null: overall popularity for everyone.</param>
    /// <param name="options">Null: the defaults.</param>
    public PopularItems(LiveState state, TimeProvider time, SegmentCounts? segments = null, IOptions<RecommendationOptions>? options = null)
    {
        (this.state, this.time, this.segments) = (state, time, segments);
        minEvents = (options?.Value ?? new RecommendationOptions()).SegmentMinEvents;
        overall = new Refreshed<OverallRanking>(Rank, MaxAge, time);
    }

    /// <summary>Item ordinals, most popular first.</summary>
    public ReadOnlySpan<int> Current() => overall.Current().Items;

    /// <summary>The same with the positive events that gave each its place: those of the last refresh, as live counts would contradict the order.</summary>
    /// <param name="positives">Parallel to the result.</param>
    public ReadOnlySpan<int> Current(out ReadOnlySpan<double> positives)
    {
        var ranking = overall.Current();
        positives = ranking.Positives;
        return ranking.Items;
    }

    /// <summary>The same for a user: the narrowest segment with enough events, then what is popular overall and not yet in the list.</summary>
    /// <param name="profile">The stored profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>; 0 for unknown.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>; 0 for unknown.</param>
    public ReadOnlySpan<int> Current(User? profile, byte device, byte location)
    {
        if (segments is null) return Current();
        Span<Segment> of = stackalloc Segment[Segment.Most];
        foreach (var segment in of[..Segment.Of(profile, device, location, of)])
        {
            // Only segments that have events get an entry, and their number is bounded.
            if (segments.Find(segment) is not { } counts) continue;
            var ranking = bySegment.GetOrAdd(segment, static (_, with) => new(() => with.Owner.Rank(with.counts), MaxAge, with.Owner.time), (Owner: this, counts));
            if (ranking.Current() is { Enough: true } known) return known.Items;
        }
        return Current();
    }

    private SegmentRanking Rank(DecayedCounts counts)
    {
        if (counts.TotalAt(state.FeatureTimeMs(time.GetUtcNow())) < minEvents) return new SegmentRanking([], false);
        var catalog = state.Catalog;
        var leading = counts.Top(Length, item => item < catalog.Count && catalog.IsServable(item));
        return new SegmentRanking([.. leading.Union(overall.Current().Items).Take(Length)], true);
    }

    private OverallRanking Rank()
    {
        var catalog = state.Catalog;
        var top = new TopItems(Length);
        for (var item = 0; item < catalog.Count; item++)
        {
            if (catalog.IsServable(item)) top.Offer(item, state.Features.ItemStates.PositivesOf(item));
        }
        return new OverallRanking(top.Take(out var positives), positives);
    }

    private sealed record OverallRanking(int[] Items, double[] Positives);

    private sealed record SegmentRanking(int[] Items, bool Enough);
}
