using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Brings the index of a bundle into memory.</summary>
internal static class IndexLoading
{
    /// <summary>
    /// Whether everything is scanned: where there is no index file, where <c>Retrieval:Index</c> is <c>exact</c>, and at <c>auto</c> where
    /// FAISS is missing, which is no reason not to serve.
    /// </summary>
    /// <param name="file">An index file, or null.</param>
    /// <param name="options">Library and device.</param>
    /// <returns>The answer, and a remark when a file is left alone.</returns>
    /// <exception cref="RecSysException">The file needs FAISS, which is missing.</exception>
    public static (bool Exact, string? Remark) Choose(string? file, RetrievalOptions options)
    {
        if (file is null) return (true, null);
        if (options.Index == RetrievalOptions.Exact) return (true, "Retrieval:Index is exact, so the index file is not used.");
        if (FaissApi.TryLoad(options.FaissLibrary, out _, out var reason)) return (false, null);
        if (options.Index != RetrievalOptions.Auto) throw new RecSysException($"{file} needs FAISS. {reason}");
        return (true, $"The exact index serves instead of the index file, slower: {reason}");
    }

    /// <summary>Reads an index file.</summary>
    /// <param name="file">Its checksum has been verified.</param>
    /// <param name="checksum">Of the file.</param>
    /// <param name="kind">What to call it.</param>
    /// <param name="count">Vectors that it should have.</param>
    /// <param name="dimension">Floats per vector.</param>
    /// <param name="options">Library and device.</param>
    /// <param name="cancellationToken">Stops before the file is read.</param>
    /// <exception cref="RecSysException">The file is not a sound index of these items.</exception>
    public static async Task<FaissIndex> LoadAsync(
        string file, string checksum, string kind, int count, int dimension, RetrievalOptions options, CancellationToken cancellationToken)
    {
        var api = FaissApi.Load(options.FaissLibrary);
        await IndexSandbox.RequireSoundAsync(file, checksum, dimension, count, options.FaissLibrary, cancellationToken);
        var index = NativeIndex.Read(api, file, map: false);
        try
        {
            IndexInspection.Check(index, dimension, count);
            index = FaissGpu.Place(index, options.Device, out var gpu);
            return new FaissIndex(index, kind, gpu);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The vectors that an index holds anyway, where it holds them whole; else those of the file. What is not returned is disposed.
    /// </summary>
    public static ItemVectors WithoutCopy(FaissIndex index, ItemVectors fromFile)
    {
        if (ListedVectors.TryCreate(index.Native, fromFile) is not { } listed) return fromFile;
        fromFile.Dispose();
        return listed;
    }
}
