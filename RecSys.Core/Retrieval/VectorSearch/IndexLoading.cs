using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Brings the index of a bundle into memory.</summary>
internal static class IndexLoading
{
    /// <summary>
    /// The file where there is one, else the exact index. With <c>Retrieval:Index</c> at <c>exact</c> the file is left alone; at <c>auto</c> a missing FAISS is
    /// no reason not to serve.
    /// </summary>
    /// <param name="file">An index file whose checksum has been verified, or null.</param>
    /// <param name="checksum">Of the file.</param>
    /// <param name="kind">What to call it.</param>
    /// <param name="vectors">Items × dimension.</param>
    /// <param name="dimension">Floats per vector.</param>
    /// <param name="options">Library and device.</param>
    /// <param name="cancellationToken">Stops before the file is read.</param>
    /// <returns>The index, and a remark when it is not the one of the file.</returns>
    /// <exception cref="RecSysException">The file is not a sound index of these items, or what it needs is missing.</exception>
    public static async Task<(IVectorIndex Index, string? Remark)> LoadAsync(
        string? file, string checksum, string kind, ReadOnlyMemory<float> vectors, int dimension, RetrievalOptions options, CancellationToken cancellationToken)
    {
        if (file is null) return (new ExactIndex(vectors, dimension), null);
        if (options.Index == RetrievalOptions.Exact) return (new ExactIndex(vectors, dimension), "Retrieval:Index is exact, so the index file is not used.");
        if (!FaissApi.TryLoad(options.FaissLibrary, out var api, out var reason))
        {
            if (options.Index != RetrievalOptions.Auto) throw new RecSysException($"{file} needs FAISS. {reason}");
            return (new ExactIndex(vectors, dimension), $"The exact index serves instead of the index file, slower: {reason}");
        }
        var count = vectors.Length / dimension;
        await IndexSandbox.RequireSoundAsync(file, checksum, dimension, count, options.FaissLibrary, cancellationToken);
        var index = NativeIndex.Read(api, file, map: false);
        try
        {
            IndexInspection.Check(index, dimension, count);
            index = FaissGpu.Place(index, options.Device, out var gpu);
            return (new FaissIndex(index, kind, gpu), null);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }
}
