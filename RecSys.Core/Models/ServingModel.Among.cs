using System.Buffers;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

public sealed partial class ServingModel
{
    /// <summary>
    /// The nearest of some items, best first. However few or far they are, as many are found as are wanted, or all that have an embedding.
    /// </summary>
    /// <param name="query"><see cref="Dimension"/> finite numbers.</param>
    /// <param name="among">One bit per item number: those that may be found.</param>
    /// <param name="passing">How many they are.</param>
    /// <param name="numbers">Gets item numbers.</param>
    /// <param name="scores">As long; gets inner products.</param>
    /// <returns>How many were found.</returns>
    public int SearchAmong(ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, int passing, Span<int> numbers, Span<float> scores)
    {
        if (numbers.IsEmpty || passing == 0) return 0;
        var plan = SearchAmongPlan.Choose(Bundle.Index.Count, cells?.Count ?? 0, cells?.Probed ?? 0, passing, numbers.Length);
        if (plan.Cells > 0)
        {
            var found = SearchCells(query, among, plan.Cells, numbers, scores);
            if (found == Math.Min(numbers.Length, passing)) return found;
            // They lie far from the query: too few stand in the cells near it.
        }
        return SearchEach(query, among, numbers, scores);
    }

    /// <summary>As <see cref="SearchAmong"/>, by looking at each of them: what it finds is exact.</summary>
    internal int SearchEach(ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, Span<int> numbers, Span<float> scores) =>
        AmongSearch.Each(new Present(this), query, among, numbers, scores);

    /// <summary>As <see cref="SearchAmong"/>, in the cells nearest to the query and among what is newer than the index.</summary>
    internal int SearchCells(ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, int looked, Span<int> numbers, Span<float> scores)
    {
        var (newItems, newScores) = (ArrayPool<int>.Shared.Rent(numbers.Length), ArrayPool<float>.Shared.Rent(numbers.Length));
        var bits = ArrayPool<ulong>.Shared.Rent(among.Length);
        try
        {
            among.CopyTo(bits);
            var items = among.Length * 64;
            var fresh = delta.Search(query, newItems.AsSpan(0, numbers.Length), newScores.AsSpan(0, numbers.Length),
                item => item < items && (bits[item >> 6] >> (item & 63) & 1) != 0, depth: null, out var view);
            var count = AmongSearch.InCells(
                cells!, Bundle.Embeddings, itemOfRow, query, among, looked, view.LeavesLargeRowOf, numbers, scores);
            return SortedLists.Merge(numbers, scores, count, newItems.AsSpan(0, fresh), newScores);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(bits);
            ArrayPool<int>.Shared.Return(newItems);
            ArrayPool<float>.Shared.Return(newScores);
        }
    }

    // The embeddings of the items that searches may find.
    private sealed class Present(ServingModel model) : IEmbeddingSource
    {
        public bool TryGet(int item, out ReadOnlySpan<float> embedding) =>
            model.TryGet(item, out embedding) && !model.delta.IsRemoved(item);
    }
}
