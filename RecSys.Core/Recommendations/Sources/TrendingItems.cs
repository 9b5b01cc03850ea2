using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Servable items that are chosen more often now than lately: z = (d - w / 7) / √(w / 7 + 1) with d and w the decayed positive events of
/// about the last day and the last week, the excess over what the week lets expect in units of its Poisson deviation. As of the last
/// refresh.
/// </summary>
internal sealed class TrendingItems([FromKeyedServices(ServedTime.Key)] TimeProvider time) : IRanking
{
    private const int Length = 1000;

    /// <summary>Fewer events than this in a day are no trend.</summary>
    private const float MinDay = 3;

    /// <summary>Less excess than this is noise.</summary>
    private const double MinExcess = 2;

    private readonly Refreshed<int[]> ranking =
        new((world, cancellation) => Rank(world, world.FeatureTimeMs(time.GetUtcNow()), cancellation), []);

    public string Name => "trending";

    /// <summary>Item numbers, the strongest growth first, at most 1,000.</summary>
    public ReadOnlySpan<int> Current() => ranking.Current;

    public void Refresh(ServingWorld world, CancellationToken cancellationToken) => ranking.Refresh(world, cancellationToken);

    internal static double Excess(double day, double week) => (day - week / 7) / Math.Sqrt(week / 7 + 1);

    private static int[] Rank(ServingWorld world, long nowMs, CancellationToken cancellationToken)
    {
        var catalog = world.Catalog;
        var top = new TopItems(Length);
        for (var item = 0; item < catalog.Count; item++)
        {
            if ((item & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            // The counts of an item stand still since its last event: most fall out before they are brought forward.
            if (world.Features.ItemStates.Peek(item).Positives.Day < MinDay || !catalog.IsServable(item)) continue;
            world.Features.ItemStates.Read(item, out var counters);
            counters.Advance(nowMs);
            if (counters.Positives.Day < MinDay) continue;
            var excess = Excess(counters.Positives.Day, counters.Positives.Week);
            if (excess >= MinExcess) top.Offer(item, excess);
        }
        return top.Take();
    }
}
