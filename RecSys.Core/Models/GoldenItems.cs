using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Models;

/// <summary>Computes what an item tower makes of some items, as new ones and as known ones, and compares it with what is stored.</summary>
internal static class GoldenItems
{
    // As for the user tower: machines sum in vectors of different width.
    private const float Tolerance = 1e-4f;

    // Every bundle with an item tower is checked with items whose content no real catalogue needs to have.
    private static readonly Item[] fallback =
    [
        new Item { Id = "golden-1", Title = "The Golden Item 42", Category = "golden", Tags = ["one", "two"], Creator = "nobody",
            Price = 9.5, DurationSeconds = 90, CreatedAt = DateTimeOffset.UnixEpoch },
        new Item { Id = "golden-2", Title = "", Category = "" },
    ];

    /// <param name="items">Rows with their items; those without known ids are taken as new ones only.</param>
    /// <param name="tower">The tower.</param>
    /// <param name="ids">By row; null: all are taken as new ones.</param>
    public static IReadOnlyList<GoldenItem> Compute(IReadOnlyList<(int Row, Item Item)> items, ItemTower tower, IdVectors? ids)
    {
        var golden = new List<GoldenItem>();
        var id = new float[tower.Dimension];
        foreach (var item in fallback.Concat(items.Select(item => item.Item))) golden.Add(new GoldenItem(-1, item, Embed(tower, item, [])));
        foreach (var (row, item) in items)
        {
            if (ids?.TryRead(row, id) == true) golden.Add(new GoldenItem(row, item, Embed(tower, item, id)));
        }
        return golden;
    }

    /// <returns>The first difference in words, or null when all agree.</returns>
    public static string? Difference(IReadOnlyList<GoldenItem>? golden, ItemTower tower, IdVectors? ids)
    {
        if (golden is not { Count: > 0 }) return "there are no items to check it with";
        var id = new float[tower.Dimension];
        for (var i = 0; i < golden.Count; i++)
        {
            if (golden[i] is not { Content: { Title: not null, Category: not null, Tags: not null, Attributes: not null } item,
                Embedding: not null, Row: >= -1 } entry)
                return $"item {i}: a part is missing";
            var known = entry.Row >= 0;
            if (known && (ids is null || entry.Row >= ids.Count || !ids.TryRead(entry.Row, id)))
                return $"item {i}: nothing is known of its id";
            if (entry.Embedding.Length != tower.Dimension)
                return $"item {i}: the expected embedding has {entry.Embedding.Length} values, not {tower.Dimension}";
            var gap = TensorPrimitives.Distance<float>(Embed(tower, item, known ? id : []), entry.Embedding);
            // Written so that NaN fails, too.
            if (!(gap <= Tolerance)) return $"item {i}: the embedding is {gap} away from the expected one";
        }
        return null;
    }

    private static float[] Embed(ItemTower tower, Item item, ReadOnlySpan<float> id)
    {
        var embedding = new float[tower.Dimension];
        tower.Embed(item, id, [], embedding);
        return embedding;
    }
}
