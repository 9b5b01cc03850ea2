using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// One vector per row, read where it lies: in memory, in a mapped file or in the lists of an index. Safe for concurrent reads. A vector is
/// good until <see cref="Dispose"/>; whoever reads holds a lease on the model that owns this.
/// </summary>
public abstract class ItemVectors : IVectorRows, IEmbeddingSource, IDisposable
{
    private protected ItemVectors(int count, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        (Count, Dimension) = (count, dimension);
    }

    public int Count { get; }
    public int Dimension { get; }

    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            if ((uint)row >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(row), $"There is no row {row}, there are {Count}.");
            return RowAt(row);
        }
    }

    public bool TryGet(int item, out ReadOnlySpan<float> embedding)
    {
        var exists = (uint)item < (uint)Count;
        embedding = exists ? RowAt(item) : default;
        return exists;
    }

    public void Read(int first, Span<float> rows)
    {
        for (var at = 0; at < rows.Length; at += Dimension) this[first + at / Dimension].CopyTo(rows[at..]);
    }

    public abstract void Dispose();

    private protected abstract ReadOnlySpan<float> RowAt(int row);
}
