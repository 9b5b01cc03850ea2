namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Vectors that can be read piece by piece, more than once, so that an index can be built of more than memory holds twice.
/// </summary>
public interface IVectorRows
{
    int Dimension { get; }
    int Count { get; }

    /// <summary>
    /// Rows from <paramref name="first"/> on, as many as fit. Safe for concurrent calls; the same row is the same every time.
    /// </summary>
    /// <param name="first">Row number.</param>
    /// <param name="rows">Gets whole rows, row-major.</param>
    void Read(int first, Span<float> rows);
}
