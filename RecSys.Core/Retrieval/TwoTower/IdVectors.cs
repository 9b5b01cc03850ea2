using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// What training learnt of each item's id: needed only when the content of such an item changes, so it stays in its file, in half precision.
/// Safe for concurrent reads until <see cref="Dispose"/>.
/// </summary>
/// <param name="path">Items × <paramref name="dimension"/> float16, row-major, little-endian; see <see cref="MappedFile"/> for what may be mapped.</param>
/// <param name="count">Items, at least 1.</param>
/// <param name="dimension">Values per item.</param>
/// <exception cref="RecSysException">The file has another size.</exception>
public sealed class IdVectors(string path, int count, int dimension) : IDisposable
{
    private readonly MappedFile file = new(path, BytesFor(count, dimension));

    public int Count => count;

    public static long BytesFor(int count, int dimension) => (long)count * dimension * sizeof(ushort);

    /// <returns>False for an item that training did not see used: it lives by its content.</returns>
    public bool TryRead(int row, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count, nameof(row));
        var stored = file.Span<Half>((long)row * dimension * sizeof(ushort), dimension);
        TensorPrimitives.ConvertToSingle(stored, vector);
        return vector.ContainsAnyExcept(0f);
    }

    public void Dispose() => file.Dispose();
}
