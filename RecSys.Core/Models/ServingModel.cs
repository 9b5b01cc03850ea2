using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.Transitions;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>
/// A bundle and what has changed since it was made, by item numbers of the catalogue. Items that come or change are embedded by the
/// bundle's item tower into a small exact index beside the large one. Any thread may read, without locks; one thread at a time, the one
/// that folds the log, may change it.
/// </summary>
public sealed partial class ServingModel
    : IItemEmbeddings, IItemTransitions, IItemNeighbours, INeighbourModel, IEmbeddingSource, IDisposable
{
    // Two embeddings so near are those of one item whose content, for the tower, has not changed: half precision of ids moves them by less.
    private const float SameDistance = 1e-3f;

    private readonly int[] itemOfRow;
    private readonly NumberTable rowOfItem = new();
    private readonly DeltaIndex delta;
    private readonly IndexCells? cells;
    private readonly ConcurrentDictionary<int, bool> awaitingText = new();

    // Rows whose id the catalogue does not know, until it does.
    private readonly Dictionary<string, int> unnumbered = new(StringComparer.Ordinal);
    private int hiddenRows;
    private int awaiting;

    /// <summary>
    /// Takes ownership of the bundle. Items of the catalogue that the bundle does not have are embedded, the newest first.
    /// </summary>
    /// <param name="bundle">What was trained.</param>
    /// <param name="catalog">Numbers the items.</param>
    public ServingModel(ModelBundle bundle, ItemCatalog catalog)
    {
        Bundle = bundle;
        cells = (bundle.Index as FaissIndex)?.Cells;
        delta = new DeltaIndex(bundle.Dimension, bundle.MaxNewItems, cells);
        itemOfRow = new int[bundle.ItemIds.Count];
        for (var row = 0; row < itemOfRow.Length; row++) itemOfRow[row] = Join(row, catalog);
        CatchUp(catalog);
    }

    public ModelBundle Bundle { get; }

    public int Dimension => Bundle.Dimension;

    /// <summary>Items that have an embedding newer than the bundle's.</summary>
    public int NewItems => delta.Count;

    /// <summary>
    /// True while the item stands without the embedding of its present text; see <see cref="ItemPlacement.AwaitsText"/>. As many are marked
    /// as new items are taken in; more wait unmarked.
    /// </summary>
    public bool AwaitsText(int number) => awaitingText.ContainsKey(number);

    /// <summary>A new item, a changed one, or one whose text has been encoded meanwhile. Searches find it from now on.</summary>
    /// <param name="number">Its number in the catalogue.</param>
    /// <param name="item">Its content.</param>
    /// <param name="text">Embedding of its text, <see cref="ItemTower.TextDimension"/> floats; empty when it is not there yet.</param>
    /// <returns>What it stands on now.</returns>
    public ItemPlacement PutItem(int number, Item item, ReadOnlySpan<float> text = default)
    {
        var row = Number(number, item.Id);
        if (delta.IsRemoved(number))
        {
            delta.Restore(number);
            if (row >= 0) hiddenRows--;
        }
        if (Bundle.ItemTower is not { } tower) return row < 0 ? ItemPlacement.NoTower : ItemPlacement.InBundle;
        var waits = tower.TextDimension > 0 && text.IsEmpty;
        Mark(number, waits);
        // An average text would be worse than the one that it had.
        if (waits && TryGet(number, out _)) return ItemPlacement.AwaitsText;

        Span<float> id = stackalloc float[Dimension];
        Span<float> embedding = stackalloc float[Dimension];
        if (row >= 0 && Bundle.IdVectors is null) return ItemPlacement.InBundle;
        var known = row >= 0 && Bundle.IdVectors!.TryRead(row, id);
        tower.Embed(item, known ? id : [], text, embedding);
        if (row >= 0 && TensorPrimitives.Distance(embedding, Bundle.Embeddings[row]) < SameDistance)
        {
            if (delta.TryGet(number, out _)) hiddenRows--;
            delta.Restore(number);
            return ItemPlacement.InBundle;
        }
        var had = delta.TryGet(number, out var present);
        if (had && present.SequenceEqual(embedding)) return waits ? ItemPlacement.AwaitsText : ItemPlacement.Embedded;
        // Only weights of absurd size get here.
        if (!float.IsFinite(TensorPrimitives.Sum<float>(embedding))) return row < 0 ? ItemPlacement.NoTower : ItemPlacement.InBundle;
        if (!delta.Put(number, embedding)) return ItemPlacement.Full;
        if (row >= 0 && !had) hiddenRows++;
        return waits ? ItemPlacement.AwaitsText : ItemPlacement.Embedded;
    }

    /// <summary>
    /// Embeds the items of the catalogue that have no embedding, the newest first. For the folding thread once the model is in the pool,
    /// since items may have come while it was loaded.
    /// </summary>
    public void CatchUp(ItemCatalog catalog)
    {
        for (var number = catalog.Count - 1; number >= 0 && Bundle.ItemTower is not null; number--)
        {
            if (!TryGet(number, out _) && !catalog.IsRemoved(number)) PutItem(number, catalog[number]);
        }
    }

    /// <summary>Searches find the item no longer. Its embedding of the bundle goes on telling the taste of those who chose it.</summary>
    public void RemoveItem(int number)
    {
        Mark(number, waits: false);
        if (rowOfItem.Get(number) >= 0 && !delta.IsRemoved(number) && !delta.TryGet(number, out _)) hiddenRows++;
        delta.Remove(number);
    }

    /// <summary>The nearest items, best first, out of the bundle and what is newer; equal scores in no particular order.</summary>
    /// <param name="query"><see cref="Dimension"/> finite numbers.</param>
    /// <param name="numbers">Gets item numbers, as many as it is long where so many can be found.</param>
    /// <param name="scores">As long; gets inner products.</param>
    /// <param name="allowed">Items that do not pass are left out, and others take their places; null: all pass.</param>
    /// <param name="depth">
    /// Bounds the work where few items may pass: only so many nearest rows of the bundle, and as many newer ones, are looked at, in one
    /// search. Null: as many as it takes.
    /// </param>
    /// <returns>How many were found.</returns>
    /// <exception cref="ArgumentException">The query has another dimension or a value that is not finite, or the spans differ in
    /// length.</exception>
    public int Search(ReadOnlySpan<float> query, Span<int> numbers, Span<float> scores, Func<int, bool>? allowed = null, int? depth = null)
    {
        if (numbers.Length != scores.Length)
            throw new ArgumentException($"{numbers.Length} numbers but {scores.Length} scores.", nameof(scores));
        var wanted = numbers.Length;
        if (wanted == 0) return 0;
        var (newItems, newScores) = (ArrayPool<int>.Shared.Rent(wanted), ArrayPool<float>.Shared.Rent(wanted));
        try
        {
            var fresh = delta.Search(query, newItems.AsSpan(0, wanted), newScores.AsSpan(0, wanted), allowed, depth, out var view);
            var count = SearchBundle(query, numbers, scores, view, allowed, depth);
            return SortedLists.Merge(numbers, scores, count, newItems.AsSpan(0, fresh), newScores);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(newItems);
            ArrayPool<float>.Shared.Return(newScores);
        }
    }

    /// <summary>The embedding of a user in a context: the last items that have one, the profile and the request.</summary>
    /// <param name="items">Item numbers, oldest first.</param>
    /// <param name="user">Profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="output">Gets <see cref="Dimension"/> floats.</param>
    /// <returns>How many items were read; without any the embedding tells profile and request alone.</returns>
    public int EmbedUser(ReadOnlySpan<int> items, User? user, byte device, byte location, Span<float> output) =>
        Bundle.UserTower.Embed(items, user, device, location, this, output);

    /// <summary>The newest embedding of an item. The span is good as long as the model is leased.</summary>
    public bool TryGet(int item, out ReadOnlySpan<float> embedding)
    {
        if (delta.TryGet(item, out embedding)) return true;
        var row = rowOfItem.Get(item);
        embedding = row < 0 ? default : Bundle.Embeddings[row];
        return row >= 0;
    }

    public bool HasTransitions => Bundle.Transitions is not null;

    public int MaxFollowers => ItemTransitions.MaxFollowers;

    public int Read(int item, Span<int> followers, Span<float> weights) => Read(Bundle.Transitions, item, followers, weights);

    public bool HasNeighbours => Bundle.Neighbours is not null;

    public int MaxNeighbours => ItemTable.MostPerItem;

    public double NeighbourShare => Bundle.Neighbours?.Share ?? 0;

    public int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities) =>
        Read(Bundle.Neighbours?.Table, item, neighbours, similarities);

    public void Dispose() => Bundle.Dispose();

    private int Read(ItemTable? table, int item, Span<int> into, Span<float> weightsInto)
    {
        var row = rowOfItem.Get(item);
        if (row < 0 || table is null) return 0;
        var rows = table.Of(row);
        var weights = table.WeightsOf(row);
        var count = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var other = Volatile.Read(ref itemOfRow[rows[i]]);
            if (other < 0) continue;
            (into[count], weightsInto[count]) = (other, weights[i]);
            count++;
        }
        return count;
    }

    private int Join(int row, ItemCatalog catalog)
    {
        if (!catalog.TryGetNumber(Bundle.ItemIds.Utf8(row), out var item))
        {
            unnumbered.Add(Bundle.ItemIds[row], row);
            hiddenRows++;
            return -1;
        }
        rowOfItem.Set(item, row);
        if (catalog.IsRemoved(item)) RemoveItem(item);
        return item;
    }

    private void Mark(int number, bool waits)
    {
        if (!waits) awaiting -= awaitingText.TryRemove(number, out _) ? 1 : 0;
        else if (awaiting < delta.MaxRows && awaitingText.TryAdd(number, true)) awaiting++;
    }

    // The bundle may have an item that the catalogue learns of only now.
    private int Number(int number, string id)
    {
        if (rowOfItem.Get(number) is >= 0 and var row) return row;
        if (!unnumbered.Remove(id, out row)) return -1;
        rowOfItem.Set(number, row);
        Volatile.Write(ref itemOfRow[row], number);
        hiddenRows--;
        return row;
    }

    private int SearchBundle(
        ReadOnlySpan<float> query, Span<int> numbers, Span<float> scores, DeltaView view, Func<int, bool>? allowed, int? depth)
    {
        var index = Bundle.Index;
        var wanted = numbers.Length;
        // As many more as are probably hidden; where that was too few, again with more.
        var hidden = (double)Volatile.Read(ref hiddenRows) / index.Count;
        var asked = depth ?? wanted + (hidden > 0 ? (long)Math.Min(hidden * index.Count, 2 * hidden * wanted + 16) : 0);
        while (true)
        {
            var k = (int)Math.Min(asked, index.Count);
            var (rows, found) = (ArrayPool<long>.Shared.Rent(k), ArrayPool<float>.Shared.Rent(k));
            try
            {
                var count = index.Search(query, rows.AsSpan(0, k), found.AsSpan(0, k));
                var kept = 0;
                for (var i = 0; i < count && kept < wanted; i++)
                {
                    var item = Volatile.Read(ref itemOfRow[rows[i]]);
                    if (item < 0 || !view.LeavesLargeRowOf(item) || allowed?.Invoke(item) == false) continue;
                    (numbers[kept], scores[kept]) = (item, found[i]);
                    kept++;
                }
                if (kept == wanted || count < k || k == index.Count || depth is not null) return kept;
            }
            finally
            {
                ArrayPool<long>.Shared.Return(rows);
                ArrayPool<float>.Shared.Return(found);
            }
            asked = 4L * k;
        }
    }
}
