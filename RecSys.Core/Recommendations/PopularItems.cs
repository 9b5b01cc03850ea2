using RecSys.Core.Events;

namespace RecSys.Core.Recommendations;

/// <summary>Servable items by their positive events, most first, at most 2,000; refreshed once a minute by the request that finds it old.</summary>
public sealed class PopularItems(LiveState state, TimeProvider time)
{
    private const int Length = 2000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly Lock refreshing = new();
    private volatile Ranking? ranking;

    /// <summary>Item ordinals, most popular first.</summary>
    public ReadOnlySpan<int> Current()
    {
        if (Fresh() is { } items) return items;
        lock (refreshing)
        {
            if (Fresh() is { } refreshed) return refreshed;
            var next = new Ranking(Rank(), time.GetTimestamp());
            ranking = next;
            return next.Items;
        }
    }

    private int[]? Fresh() => ranking is { } known && time.GetElapsedTime(known.At) < MaxAge ? known.Items : null;

    private int[] Rank()
    {
        var catalog = state.Catalog;
        var items = new List<(int Count, int Item)>();
        for (var item = 0; item < catalog.Count; item++)
        {
            if (catalog.IsServable(item)) items.Add((-state.Features.ItemStates.PositivesOf(item), item));
        }
        items.Sort();
        return [.. items.Take(Length).Select(entry => entry.Item)];
    }

    private sealed record Ranking(int[] Items, long At);
}
