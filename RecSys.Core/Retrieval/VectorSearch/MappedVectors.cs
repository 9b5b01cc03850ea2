using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Vectors in a mapped file of float32: more than one array can hold, and in memory only as far as they are read.</summary>
/// <param name="path">Rows × <paramref name="dimension"/>, row-major, little-endian; see <see cref="MappedFile"/> for what may be
/// mapped.</param>
/// <param name="count">Rows, at least 1.</param>
/// <param name="dimension">Floats per vector.</param>
/// <exception cref="RecSysException">The file has another size.</exception>
internal sealed class MappedVectors(string path, int count, int dimension) : ContiguousVectors(count, dimension)
{
    private readonly MappedFile file = new(path, (long)count * dimension * sizeof(float));

    public override ReadOnlySpan<float> Block(int first, int count) =>
        file.Span<float>((long)first * Dimension * sizeof(float), count * Dimension);

    public override void Dispose() => file.Dispose();
}
