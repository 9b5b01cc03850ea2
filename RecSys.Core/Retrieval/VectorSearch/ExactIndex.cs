using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Scans every vector with SIMD on the calling thread. The default for small catalogues and the oracle for the recall of approximate
/// indexes.
/// </summary>
public sealed class ExactIndex : IVectorIndex
{
    // 64 rows of 128 floats are 32 KiB: the scores of a block are filtered while they are in the first-level cache.
    private const int BlockRows = 64;

    private readonly ContiguousVectors vectors;
    private readonly int count;

    /// <param name="vectors">Rows x <paramref name="dimension"/>, row-major; ids are row numbers. Not copied: it must not change.</param>
    /// <param name="dimension">Floats per row.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the dimension.</exception>
    public ExactIndex(ReadOnlyMemory<float> vectors, int dimension) : this(new MemoryVectors(vectors, dimension))
    {
    }

    /// <param name="vectors">Stays the caller's.</param>
    public ExactIndex(ContiguousVectors vectors)
    {
        this.vectors = vectors;
        (Dimension, count) = (vectors.Dimension, vectors.Count);
    }

    public int Dimension { get; }
    public long Count => count;
    public string Description => $"exact, {count} x {Dimension}, {(Vector512.IsHardwareAccelerated ? "512-bit" : "portable")} SIMD";

    /// <inheritdoc/>
    /// <remarks>A row whose score is not a number is never found.</remarks>
    public int Search(ReadOnlySpan<float> query, Span<long> ids, Span<float> scores)
    {
        QueryRules.Check(query, Dimension, ids, scores);
        var k = Math.Min(ids.Length, count);
        if (k == 0) return 0;

        var pool = ArrayPool<ulong>.Shared.Rent(TopKeys.CapacityFor(k, BlockRows));
        var top = new TopKeys(pool, k, BlockRows);
        Span<float> block = stackalloc float[BlockRows];
        for (var first = 0; first < count; first += BlockRows)
        {
            var size = Math.Min(BlockRows, count - first);
            Score(query, vectors.Block(first, size), block[..size]);
            top.Offer(block[..size], first);
        }
        var found = top.Drain(ids, scores);
        ArrayPool<ulong>.Shared.Return(pool);
        return found;
    }

    public void Dispose()
    {
    }

    /// <summary>The inner product of a query with every row.</summary>
    internal static void Score(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
    {
        var dimension = query.Length;
        var at = 0;
        if (Vector512.IsHardwareAccelerated && dimension % Vector512<float>.Count == 0)
        {
            ref var q = ref MemoryMarshal.GetReference(query);
            ref var all = ref MemoryMarshal.GetReference(rows);
            for (; at + 4 <= scores.Length; at += 4)
            {
                Vector512<float> a = default, b = default, c = default, d = default;
                ref var row = ref Unsafe.Add(ref all, (nint)at * dimension);
                for (nint i = 0; i < dimension; i += Vector512<float>.Count)
                {
                    var part = Vector512.LoadUnsafe(ref q, (nuint)i);
                    a = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)i), a);
                    b = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + dimension)), b);
                    c = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + 2 * (nint)dimension)), c);
                    d = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + 3 * (nint)dimension)), d);
                }
                scores[at] = Vector512.Sum(a);
                scores[at + 1] = Vector512.Sum(b);
                scores[at + 2] = Vector512.Sum(c);
                scores[at + 3] = Vector512.Sum(d);
            }
        }
        for (; at < scores.Length; at++) scores[at] = TensorPrimitives.Dot(query, rows.Slice(at * dimension, dimension));
    }
}
