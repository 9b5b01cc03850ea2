using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// The <see cref="IdTable"/> of a bundle: needed only when the content of an item changes that training saw used, so it stays in its file:
/// the scales, then the values. Safe for concurrent reads until <see cref="Dispose"/>.
/// </summary>
public sealed class IdVectors : IDisposable
{
    private readonly MappedFile file;
    private readonly int dimension;

    /// <param name="path">See <see cref="MappedFile"/> for what may be mapped.</param>
    /// <param name="count">Items, at least 1.</param>
    /// <param name="dimension">Values per item.</param>
    /// <exception cref="RecSysException">The file has another size, or a scale in it is no sound number.</exception>
    public IdVectors(string path, int count, int dimension)
    {
        (Count, this.dimension) = (count, dimension);
        file = new MappedFile(path, BytesFor(count, dimension));
        foreach (var scale in file.Span<float>(0, count))
        {
            if (float.IsFinite(scale) && scale >= 0) continue;
            file.Dispose();
            throw new RecSysException($"{path} holds a scale of {scale}, which is no size. Publish the bundle again.");
        }
    }

    public int Count { get; }

    public static long BytesFor(int count, int dimension) => (long)count * (sizeof(float) + dimension * sizeof(short));

    /// <summary>Writes the form that the constructor reads.</summary>
    public static async Task SaveAsync(string path, IdTable table, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path, 1 << 16, FileOptions.Asynchronous);
        await WriteAsync(file, table.Scales, cancellationToken);
        await WriteAsync(file, table.Values, cancellationToken);
    }

    /// <summary>The whole table, for whoever makes a bundle of it.</summary>
    /// <inheritdoc cref="IdVectors(string, int, int)"/>
    public static IdTable ReadTable(string path, int count, int dimension)
    {
        using var vectors = new IdVectors(path, count, dimension);
        return new IdTable(vectors.file.Span<float>(0, count).ToArray(),
            vectors.file.Span<short>((long)count * sizeof(float), checked(count * dimension)).ToArray(), dimension);
    }

    /// <returns>False for an item that training did not see used: it lives by its content.</returns>
    public bool TryRead(int row, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        var scale = file.Span<float>((long)row * sizeof(float), 1)[0];
        var stored = file.Span<short>((long)Count * sizeof(float) + (long)row * dimension * sizeof(short), dimension);
        for (var i = 0; i < stored.Length; i++) vector[i] = stored[i] * scale;
        return scale > 0;
    }

    public void Dispose() => file.Dispose();

    private static async Task WriteAsync<T>(Stream stream, ReadOnlyMemory<T> values, CancellationToken cancellationToken)
        where T : unmanaged
    {
        // In pieces, because a span of bytes cannot be longer than 2 GiB.
        const int piece = 1 << 18;
        for (var start = 0; start < values.Length; start += piece)
        {
            var part = values.Slice(start, Math.Min(piece, values.Length - start));
            await stream.WriteAsync(MemoryMarshal.AsBytes(part.Span).ToArray(), cancellationToken);
        }
    }
}
