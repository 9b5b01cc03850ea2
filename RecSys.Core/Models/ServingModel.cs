using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.Transitions;

namespace RecSys.Core.Models;

/// <summary>
/// A bundle joined to the catalogue of this process: bundle rows and catalogue ordinals find each other. Items newer than the bundle have no
/// row; rows whose item left the catalogue have no ordinal.
/// </summary>
public sealed class ServingModel : IItemEmbeddings, IItemTransitions, IDisposable
{
    private readonly int[] itemOfRow;
    private readonly int[] rowOfItem;

    /// <summary>Takes ownership of the bundle.</summary>
    public ServingModel(ModelBundle bundle, ItemCatalog catalog)
    {
        Bundle = bundle;
        itemOfRow = new int[bundle.ItemIds.Count];
        rowOfItem = new int[catalog.Count];
        Array.Fill(rowOfItem, -1);
        for (var row = 0; row < itemOfRow.Length; row++)
        {
            if (catalog.TryGetNumber(bundle.ItemIds[row], out var item)) rowOfItem[item] = row;
            else item = -1;
            itemOfRow[row] = item;
        }
    }

    public ModelBundle Bundle { get; }

    public int Dimension => Bundle.Dimension;

    /// <summary>Catalogue ordinal of a bundle row, or -1.</summary>
    public int ItemOf(int row) => itemOfRow[row];

    /// <summary>Translates item ordinals to bundle rows, in order, leaving out items without one.</summary>
    /// <param name="items">Item ordinals, oldest first.</param>
    /// <param name="rows">Gets the rows; when it is too short, the oldest items are left out.</param>
    /// <returns>Number of rows written.</returns>
    public int RowsOf(ReadOnlySpan<int> items, Span<int> rows)
    {
        if (items.Length > rows.Length) items = items[^rows.Length..];
        var count = 0;
        foreach (var item in items)
        {
            var row = item < rowOfItem.Length ? rowOfItem[item] : -1;
            if (row >= 0) rows[count++] = row;
        }
        return count;
    }

    public bool TryGet(int item, out ReadOnlySpan<float> embedding)
    {
        var row = item < rowOfItem.Length ? rowOfItem[item] : -1;
        embedding = row < 0 ? default : Bundle.Embeddings.Span.Slice(row * Dimension, Dimension);
        return row >= 0;
    }

    public bool HasTransitions => Bundle.Transitions is not null;

    public int MaxFollowers => ItemTransitions.MaxFollowers;

    public int Read(int item, Span<int> followers, Span<float> weights)
    {
        var row = item < rowOfItem.Length ? rowOfItem[item] : -1;
        if (row < 0 || Bundle.Transitions is not { } transitions) return 0;
        var rows = transitions.FollowersOf(row);
        var strengths = transitions.WeightsOf(row);
        var count = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (itemOfRow[rows[i]] < 0) continue;
            (followers[count], weights[count]) = (itemOfRow[rows[i]], strengths[i]);
            count++;
        }
        return count;
    }

    public void Dispose() => Bundle.Dispose();
}
