using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Servable items by the time at which they became available, youngest first, at most 2,000. Items without one are not among them. As of
/// the last refresh; empty before the first.
/// </summary>
internal sealed class LatestItems : IRanking
{
    private const int Length = 2000;

    private readonly Refreshed<Ranking> ranking = new(Rank, new Ranking([], []));

    public string Name => "latest";

    /// <summary>Item numbers, youngest first.</summary>
    /// <param name="created">Parallel to the result: when each became available, Unix milliseconds.</param>
    public ReadOnlySpan<int> Current(out ReadOnlySpan<double> created)
    {
        var known = ranking.Current;
        created = known.Created;
        return known.Items;
    }

    public void Refresh(ServingWorld world, CancellationToken cancellationToken) => ranking.Refresh(world, cancellationToken);

    private static Ranking Rank(ServingWorld world, CancellationToken cancellationToken)
    {
        var (catalog, top) = (world.Catalog, new TopItems(Length));
        for (var item = 0; item < catalog.Count; item++)
        {
            if ((item & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            var created = catalog.CreatedMs(item);
            if (created != long.MinValue && catalog.IsServable(item)) top.Offer(item, created);
        }
        var items = top.Take(out var times);
        return new Ranking(items, times);
    }

    private sealed record Ranking(int[] Items, double[] Created);
}
