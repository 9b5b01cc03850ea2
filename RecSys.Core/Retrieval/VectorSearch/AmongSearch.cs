using System.Buffers;
using System.Numerics;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Finds the nearest of those items that have a bit, best first; equal scores in no particular order.</summary>
internal static class AmongSearch
{
    /// <summary>Looks at each of them: exact.</summary>
    /// <param name="vectors">By item number; an item without one is not found.</param>
    /// <param name="query">Finite numbers.</param>
    /// <param name="among">One bit per item number.</param>
    /// <param name="numbers">Gets item numbers; at least one long.</param>
    /// <param name="scores">As long; gets inner products.</param>
    /// <returns>How many were found.</returns>
    public static int Each(
        IEmbeddingSource vectors, ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, Span<int> numbers, Span<float> scores)
    {
        var pool = ArrayPool<ulong>.Shared.Rent(TopKeys.CapacityFor(numbers.Length, 1));
        try
        {
            var top = new TopKeys(pool, numbers.Length, 1);
            Span<float> score = stackalloc float[1];
            for (var word = 0; word < among.Length; word++)
            {
                for (var left = among[word]; left != 0; left &= left - 1)
                {
                    var item = word * 64 + BitOperations.TrailingZeroCount(left);
                    if (!vectors.TryGet(item, out var vector)) continue;
                    ExactIndex.Score(query, vector, score);
                    top.Offer(score, item);
                }
            }
            return Drain(ref top, numbers, scores);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(pool);
        }
    }

    /// <summary>Looks at those that stand in the cells nearest to the query.</summary>
    /// <param name="cells">Of the index.</param>
    /// <param name="vectors">By row of the index.</param>
    /// <param name="itemOfRow">Item numbers; -1 where a row has none.</param>
    /// <param name="query">Finite numbers.</param>
    /// <param name="among">One bit per item number.</param>
    /// <param name="looked">Cells to look into.</param>
    /// <param name="counts">False for an item whose row does not count any more; null: all count.</param>
    /// <param name="numbers">Gets item numbers; at least one long.</param>
    /// <param name="scores">As long; gets inner products.</param>
    /// <returns>How many were found.</returns>
    public static int InCells(
        IndexCells cells, ItemVectors vectors, int[] itemOfRow, ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, int looked,
        Func<int, bool>? counts, Span<int> numbers, Span<float> scores)
    {
        var (near, pool) = (ArrayPool<long>.Shared.Rent(looked), ArrayPool<ulong>.Shared.Rent(TopKeys.CapacityFor(numbers.Length, 1)));
        try
        {
            cells.Find(query, near.AsSpan(0, looked));
            var top = new TopKeys(pool, numbers.Length, 1);
            Span<float> score = stackalloc float[1];
            foreach (var cell in near.AsSpan(0, looked))
            {
                if (cell < 0) break;
                foreach (var row in cells.Rows[cell])
                {
                    var item = Volatile.Read(ref itemOfRow[row]);
                    if (item < 0 || item >> 6 >= among.Length || (among[item >> 6] >> (item & 63) & 1) == 0) continue;
                    if (counts?.Invoke(item) == false) continue;
                    ExactIndex.Score(query, vectors[row], score);
                    top.Offer(score, item);
                }
            }
            return Drain(ref top, numbers, scores);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(near);
            ArrayPool<ulong>.Shared.Return(pool);
        }
    }

    private static int Drain(ref TopKeys top, Span<int> numbers, Span<float> scores)
    {
        var ids = ArrayPool<long>.Shared.Rent(numbers.Length);
        var found = top.Drain(ids.AsSpan(0, numbers.Length), scores);
        for (var i = 0; i < found; i++) numbers[i] = (int)ids[i];
        ArrayPool<long>.Shared.Return(ids);
        return found;
    }
}
