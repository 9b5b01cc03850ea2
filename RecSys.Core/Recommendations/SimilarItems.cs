using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;

namespace RecSys.Core.Recommendations;

/// <summary>Items whose embeddings are nearest to an item's.</summary>
public sealed class SimilarItems(ModelPool<ServingModel> models, LiveState state)
{
    // Unservable neighbours and the item itself are passed over; more than this many in a row is not to be expected.
    private const int Spare = 50;

    /// <summary>Up to <paramref name="count"/> servable items, nearest first, without the item itself.</summary>
    /// <returns>Null when the catalogue or the model does not know the item.</returns>
    public SimilarItemsResult? Find(string itemId, int count)
    {
        using var lease = models.AcquireChampion();
        var model = lease.Model;
        var catalog = state.Catalog;
        if (!catalog.TryGetNumber(itemId, out var item) || !model.TryGet(item, out var embedding)) return null;
        var ids = ArrayPool<long>.Shared.Rent(count + Spare);
        var scores = ArrayPool<float>.Shared.Rent(count + Spare);
        var found = model.Bundle.Index.Search(embedding, ids.AsSpan(0, count + Spare), scores.AsSpan(0, count + Spare));
        var similar = new List<(int Item, float Similarity)>(count);
        for (var i = 0; i < found && similar.Count < count; i++)
        {
            var other = model.ItemOf((int)ids[i]);
            if (other >= 0 && other != item && catalog.IsServable(other)) similar.Add((other, scores[i]));
        }
        ArrayPool<long>.Shared.Return(ids);
        ArrayPool<float>.Shared.Return(scores);
        return new SimilarItemsResult(model.Bundle.Manifest.Version, similar);
    }
}

/// <summary>Items near another one.</summary>
/// <param name="ModelVersion">Bundle whose embeddings were compared.</param>
/// <param name="Items">Numbers of the items, nearest first, with their cosine similarity.</param>
public sealed record SimilarItemsResult(string ModelVersion, IReadOnlyList<(int Item, float Similarity)> Items);
