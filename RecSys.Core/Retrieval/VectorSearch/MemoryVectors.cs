namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Vectors in managed memory.</summary>
/// <param name="vectors">Rows × <paramref name="dimension"/>, row-major. Not copied: it must not change.</param>
/// <param name="dimension">Floats per vector.</param>
/// <exception cref="ArgumentException">The length is not a multiple of the dimension.</exception>
internal sealed class MemoryVectors(ReadOnlyMemory<float> vectors, int dimension)
    : ContiguousVectors(CountOf(vectors, dimension), dimension)
{
    public override ReadOnlySpan<float> Block(int first, int count) => vectors.Span.Slice(first * Dimension, count * Dimension);

    public override void Dispose()
    {
    }

    private static int CountOf(ReadOnlyMemory<float> vectors, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return vectors.Length % dimension == 0
            ? vectors.Length / dimension
            : throw new ArgumentException($"{vectors.Length} values are not rows of {dimension}.", nameof(vectors));
    }
}
