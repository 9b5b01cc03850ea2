using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Servable items by their positive events, most first, at most 2,000: overall, or in the narrowest segment of the asking user that has
/// enough events. As of the last refresh; empty before the first.
/// </summary>
public sealed class PopularItems : IRanking
{
    private const int Length = 2000;

    private readonly TimeProvider time;
    private readonly double minEvents;
    private readonly Refreshed<Rankings> rankings;
    private volatile int[] atStart = [];

    /// <param name="time">What the decay of segment counts refers to.</param>
    /// <param name="options">When a segment is trusted.</param>
    public PopularItems([FromKeyedServices(ServedTime.Key)] TimeProvider time, IOptions<SegmentOptions> options)
    {
        this.time = time;
        minEvents = options.Value.MinEvents;
        rankings = new Refreshed<Rankings>(Rank, new Rankings([], [], FrozenDictionary<Segment, int[]>.Empty));
    }

    string IRanking.Name => "popular";

    /// <summary>Item numbers, most popular first.</summary>
    public ReadOnlySpan<int> Current() => rankings.Current.Items;

    /// <summary>
    /// The same with the positive events that gave each its place: those of the last refresh, as live counts would contradict the order.
    /// </summary>
    /// <param name="positives">Parallel to the result.</param>
    public ReadOnlySpan<int> Current(out ReadOnlySpan<double> positives)
    {
        var known = rankings.Current;
        positives = known.Positives;
        return known.Items;
    }

    /// <summary>
    /// The same for a user: the narrowest segment with enough events, then what is popular overall and not yet in the list.
    /// </summary>
    /// <param name="profile">The stored profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>; 0 for unknown.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>; 0 for unknown.</param>
    public ReadOnlySpan<int> Current(User? profile, byte device, byte location)
    {
        var known = rankings.Current;
        Span<Segment> of = stackalloc Segment[Segment.Most];
        foreach (var segment in of[..Segment.Of(profile, device, location, of)])
        {
            if (known.BySegment.TryGetValue(segment, out var items)) return items;
        }
        return known.Items;
    }

    /// <summary>What was most popular when the server started; it never changes.</summary>
    internal ReadOnlySpan<int> AtStart => atStart;

    /// <inheritdoc/>
    public void Refresh(ServingWorld world, CancellationToken cancellationToken)
    {
        rankings.Refresh(world, cancellationToken);
        if (atStart.Length == 0) atStart = rankings.Current.Items;
    }

    private Rankings Rank(ServingWorld world, CancellationToken cancellationToken)
    {
        var catalog = world.Catalog;
        var top = new TopItems(Length);
        for (var item = 0; item < catalog.Count; item++)
        {
            if ((item & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            if (catalog.IsServable(item)) top.Offer(item, world.Features.ItemStates.PositivesOf(item));
        }
        var overall = top.Take(out var positives);

        var now = world.FeatureTimeMs(time.GetUtcNow());
        var bySegment = new Dictionary<Segment, int[]>();
        foreach (var (segment, counts) in world.Fold<SegmentCounts>().All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A segment with too few events is left to a coarser one.
            if (counts.TotalAt(now) < minEvents) continue;
            var leading = counts.Top(Length, item => item < catalog.Count && catalog.IsServable(item));
            bySegment[segment] = [.. leading.Union(overall).Take(Length)];
        }
        return new Rankings(overall, positives, bySegment.ToFrozenDictionary());
    }

    private sealed record Rankings(int[] Items, double[] Positives, FrozenDictionary<Segment, int[]> BySegment);
}
