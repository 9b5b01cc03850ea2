namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// The vectors that the inverted lists of an index hold whole: nothing is held twice, and what a search has just looked at is still in the
/// cache. Costs a pointer per row. Goes with the index, which the owner disposes afterwards.
/// </summary>
internal sealed unsafe class ListedVectors : ItemVectors
{
    private const int Probes = 256;

    private readonly NativeIndex index;
    private nint[] rows;

    private ListedVectors(NativeIndex index, nint[] rows) : base(rows.Length, index.Dimension)
    {
        (this.index, this.rows) = (index, rows);
    }

    /// <summary>
    /// Null where the index does not hold whole vectors in lists of its own memory, where the library cannot tell where they lie, or where
    /// what lies there is not what <paramref name="truth"/> has.
    /// </summary>
    /// <param name="index">Holds every row once.</param>
    /// <param name="truth">The vectors that it was built of; some hundred are compared.</param>
    public static ListedVectors? TryCreate(NativeIndex index, ItemVectors truth)
    {
        if (index.Count != truth.Count || index.Dimension != truth.Dimension || index.ListCodeBytes != truth.Dimension * sizeof(float))
            return null;
        var rows = new nint[truth.Count];
        var ids = Array.Empty<long>();
        for (long list = 0, lists = index.ListCount; list < lists; list++)
        {
            var size = (int)index.ListSize(list);
            if (size == 0) continue;
            if (ids.Length < size) ids = new long[Math.Max(size, ids.Length * 2)];
            index.ListIds(list, ids);
            var codes = index.ListCodes(list);
            if (codes == 0) return null;
            for (var i = 0; i < size; i++) rows[ids[i]] = codes + (nint)i * truth.Dimension * sizeof(float);
        }
        if (rows.AsSpan().Contains(0)) return null;
        var vectors = new ListedVectors(index, rows);
        for (var probe = 0; probe < Probes; probe++)
        {
            var row = (int)((long)probe * truth.Count / Probes);
            if (!vectors[row].SequenceEqual(truth[row])) return null;
        }
        return vectors;
    }

    public override void Dispose() => rows = [];

    private protected override ReadOnlySpan<float> RowAt(int row)
    {
        var vector = new ReadOnlySpan<float>((void*)rows[row], Dimension);
        GC.KeepAlive(index);
        return vector;
    }
}
