using System.Buffers;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// The cells of an IVF index: where a vector would stand in it, and which cells a search for a query looks at. Any thread may ask, as long
/// as the index lives.
/// </summary>
internal sealed class IndexCells
{
    private readonly NativeIndex index;
    private readonly Lazy<CellRows> rows;

    private IndexCells(NativeIndex index)
    {
        this.index = index;
        Count = (int)index.ListCount;
        Probed = (int)Math.Clamp(index.ProbedLists, 1, Count);
        rows = new Lazy<CellRows>(() => CellRows.Read(index));
    }

    public int Count { get; }

    /// <summary>Cells that one search looks at (<c>nprobe</c>).</summary>
    public int Probed { get; }

    /// <summary>Null for an index without cells, or of a library that does not tell them.</summary>
    public static IndexCells? Of(NativeIndex index) => index.HasLists ? new IndexCells(index) : null;

    /// <summary>The rows in each cell, read when they are first asked for.</summary>
    public CellRows Rows => rows.Value;

    /// <summary>The cell of a vector.</summary>
    public int Find(ReadOnlySpan<float> vector)
    {
        Span<long> cell = stackalloc long[1];
        Span<float> score = stackalloc float[1];
        index.SearchLists(vector, score, cell);
        // A vector that is near nothing, such as one of NaN, stands anywhere.
        return cell[0] < 0 ? 0 : (int)cell[0];
    }

    /// <summary>The cells nearest to a query, nearest first.</summary>
    /// <param name="query">Finite numbers.</param>
    /// <param name="cells"><see cref="Probed"/> long for those that a search looks at; -1 where there are fewer.</param>
    public void Find(ReadOnlySpan<float> query, Span<long> cells)
    {
        var scores = ArrayPool<float>.Shared.Rent(cells.Length);
        index.SearchLists(query, scores.AsSpan(0, cells.Length), cells);
        ArrayPool<float>.Shared.Return(scores);
    }
}
