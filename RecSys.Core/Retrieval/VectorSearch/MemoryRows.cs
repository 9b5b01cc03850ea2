namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Vectors that are in memory already.</summary>
internal sealed class MemoryRows(ReadOnlyMemory<float> vectors, int dimension) : IVectorRows
{
    public ReadOnlyMemory<float> Vectors => vectors;
    public int Dimension => dimension;
    public int Count => vectors.Length / dimension;

    public void Read(int first, Span<float> rows) => vectors.Span.Slice(first * dimension, rows.Length).CopyTo(rows);
}
