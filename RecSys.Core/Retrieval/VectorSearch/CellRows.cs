namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>The rows of an index by the cells that they stand in, 4 bytes a row: for searches that look into cells themselves.</summary>
internal sealed class CellRows
{
    private readonly int[] starts;
    private readonly int[] rows;

    private CellRows(int[] starts, int[] rows) => (this.starts, this.rows) = (starts, rows);

    /// <summary>The rows of a cell, in the order in which their vectors lie.</summary>
    public ReadOnlySpan<int> this[long cell] => rows.AsSpan(starts[cell], starts[cell + 1] - starts[cell]);

    /// <summary>Reads them out of an index that <see cref="NativeIndex.HasLists"/>.</summary>
    public static CellRows Read(NativeIndex index)
    {
        var cells = (int)index.ListCount;
        var (starts, rows, ids) = (new int[cells + 1], new int[index.Count], Array.Empty<long>());
        for (var cell = 0; cell < cells; cell++)
        {
            var size = (int)index.ListSize(cell);
            starts[cell + 1] = starts[cell] + size;
            if (size == 0) continue;
            if (ids.Length < size) ids = new long[Math.Max(size, ids.Length * 2)];
            index.ListIds(cell, ids);
            for (var i = 0; i < size; i++) rows[starts[cell] + i] = (int)ids[i];
        }
        return new CellRows(starts, rows);
    }
}
