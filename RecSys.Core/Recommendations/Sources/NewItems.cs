using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Servable items that became available in the last days, those shown least first, of equals the youngest: each new item gets its turn, and
/// leaves the front as soon as impressions tell how good it is. Items without a creation time, or with one in the future, are not new. As
/// of the last refresh.
/// </summary>
internal sealed class NewItems(IOptions<NewItemOptions> options, [FromKeyedServices(ServedTime.Key)] TimeProvider time) : IRanking
{
    private const int Length = 5000;

    private readonly Refreshed<int[]> ranking = new(
        (world, cancellation) =>
            Rank(world, world.FeatureTimeMs(time.GetUtcNow()), TimeSpan.FromDays(options.Value.Days).TotalMilliseconds, cancellation), []);

    public string Name => "new_items";

    /// <summary>Item numbers, at most 5,000.</summary>
    public ReadOnlySpan<int> Current() => ranking.Current;

    public void Refresh(ServingWorld world, CancellationToken cancellationToken) => ranking.Refresh(world, cancellationToken);

    private static int[] Rank(ServingWorld world, long nowMs, double maxAgeMs, CancellationToken cancellationToken)
    {
        var catalog = world.Catalog;
        var top = new TopItems(Length);
        for (var item = 0; item < catalog.Count; item++)
        {
            if ((item & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            var created = catalog.CreatedMs(item);
            if (created == long.MinValue || !catalog.IsServable(item)) continue;
            var age = nowMs - created;
            // The age is a fraction below one: it decides between equal numbers of impressions only.
            if (age >= 0 && age <= maxAgeMs) top.Offer(item, -world.Features.ItemStates.ImpressionsOf(item) - age / (maxAgeMs + 1));
        }
        return top.Take();
    }
}
