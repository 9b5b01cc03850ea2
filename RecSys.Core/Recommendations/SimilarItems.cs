using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Items whose embeddings are nearest to an item's.</summary>
public static class SimilarItems
{
    /// <summary>Up to <paramref name="count"/> servable items, nearest first, without the item itself.</summary>
    /// <param name="world">The world of the request; its champion's embeddings are compared.</param>
    /// <param name="itemId">The item; one that is removed has no neighbours any more, one that may not be served now still has.</param>
    /// <param name="count">Most items.</param>
    /// <param name="wanted">False for items that are not wanted; null: all are.</param>
    /// <returns>Null when the catalogue or the model does not know the item.</returns>
    public static SimilarItemsResult? Find(ServingWorld world, string itemId, int count, Func<int, bool>? wanted = null)
    {
        using var lease = world.Models.AcquireChampion();
        var (model, catalog) = (lease.Model, world.Catalog);
        if (!catalog.TryGetNumber(itemId, out var item) || !model.TryGet(item, out var embedding)) return null;
        var (items, scores) = (new int[count], new float[count]);
        var found = model.Search(embedding, items, scores,
            other => other != item && catalog.IsServable(other) && (wanted is null || wanted(other)));
        var similar = new List<(int Item, float Similarity)>(found);
        for (var i = 0; i < found; i++) similar.Add((items[i], scores[i]));
        return new SimilarItemsResult(model.Bundle.Manifest.Version, similar);
    }
}

/// <summary>Items near another one.</summary>
/// <param name="ModelVersion">Bundle whose embeddings were compared.</param>
/// <param name="Items">Numbers of the items, nearest first, with their cosine similarity.</param>
public sealed record SimilarItemsResult(string ModelVersion, IReadOnlyList<(int Item, float Similarity)> Items);
