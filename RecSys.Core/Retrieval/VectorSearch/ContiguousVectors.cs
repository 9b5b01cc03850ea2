namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Vectors one behind the other, so that a scan reads them in blocks.</summary>
public abstract class ContiguousVectors : ItemVectors
{
    private protected ContiguousVectors(int count, int dimension) : base(count, dimension)
    {
    }

    /// <summary>Rows from <paramref name="first"/> on, [<paramref name="count"/> × dimension].</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not all exist.</exception>
    public abstract ReadOnlySpan<float> Block(int first, int count);

    private protected override ReadOnlySpan<float> RowAt(int row) => Block(row, 1);
}
