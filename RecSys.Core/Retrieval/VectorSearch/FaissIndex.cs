using System.Buffers;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// An index of FAISS, approximate in most kinds. Searches run on the calling thread, so that throughput comes from requests in parallel;
/// on a GPU they take turns. <see cref="Dispose"/> waits for nobody: the memory goes when the last search ends.
/// </summary>
public sealed class FaissIndex : IVectorIndex
{
    private readonly NativeIndex index;
    private readonly FaissGpu? gpu;
    private readonly long count;

    /// <summary>Takes ownership.</summary>
    internal FaissIndex(NativeIndex index, string kind, FaissGpu? gpu = null)
    {
        this.index = index;
        this.gpu = gpu;
        Kind = kind;
        count = index.Count;
    }

    public int Dimension => index.Dimension;
    public long Count => count;

    /// <summary>The factory string with the search parameter, such as <c>IVF1000,Flat nprobe=8</c>.</summary>
    public string Kind { get; }
    public string Description => $"{Kind}, {count} x {Dimension}, FAISS {index.Api.Version}{(gpu is null ? "" : ", GPU")}";

    internal NativeIndex Native => index;

    /// <summary>Null where the index has none, or on a GPU.</summary>
    internal IndexCells? Cells => gpu is null ? IndexCells.Of(index) : null;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The index was disposed before the search began.</exception>
    public int Search(ReadOnlySpan<float> query, Span<long> ids, Span<float> scores)
    {
        QueryRules.Check(query, Dimension, ids, scores);
        var k = (int)Math.Min(ids.Length, count);
        if (k == 0) return 0;

        // FAISS pads its answer, but what lies beyond the found ones belongs to the caller: so it answers into scratch memory.
        var foundIds = ArrayPool<long>.Shared.Rent(k);
        var foundScores = ArrayPool<float>.Shared.Rent(k);
        try
        {
            if (gpu is null)
            {
                index.Search(query, foundScores.AsSpan(0, k), foundIds.AsSpan(0, k));
            }
            else
            {
                lock (gpu) index.Search(query, foundScores.AsSpan(0, k), foundIds.AsSpan(0, k));
            }
            return Deliver(foundIds.AsSpan(0, k), foundScores.AsSpan(0, k), ids, scores);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(foundIds);
            ArrayPool<float>.Shared.Return(foundScores);
        }
    }

    /// <summary>Writes the index with its search parameter in FAISS's own format.</summary>
    /// <exception cref="RecSysException">The file cannot be written.</exception>
    public void Save(string path)
    {
        if (gpu is null)
        {
            index.Save(path);
            return;
        }
        lock (gpu)
        {
            using var copy = index.CopyToCpu();
            copy.Save(path);
        }
    }

    public void Dispose()
    {
        if (gpu is null)
        {
            index.Dispose();
            return;
        }
        lock (gpu)
        {
            index.Dispose();
            gpu.Dispose();
        }
    }

    private static int Deliver(ReadOnlySpan<long> foundIds, ReadOnlySpan<float> foundScores, Span<long> ids, Span<float> scores)
    {
        var found = 0;
        var run = 0;
        for (var i = 0; i < foundIds.Length; i++)
        {
            if (foundIds[i] < 0 || float.IsNaN(foundScores[i])) continue;
            ids[found] = foundIds[i];
            scores[found] = foundScores[i];
            if (scores[found] != scores[run])
            {
                // FAISS leaves equal scores in any order.
                if (found - run > 1) ids[run..found].Sort();
                run = found;
            }
            found++;
        }
        if (found - run > 1) ids[run..found].Sort();
        return found;
    }
}
