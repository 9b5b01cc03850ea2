using System.Text;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// An index of FAISS: every return code checked, every pointer kept alive for as long as a call needs it. Any method may race with
/// <see cref="Dispose"/>: it either finishes first or throws <see cref="ObjectDisposedException"/>.
/// </summary>
internal sealed unsafe class NativeIndex : IDisposable
{
    private readonly FaissHandle handle;

    private NativeIndex(FaissApi api, nint pointer)
    {
        Api = api;
        handle = new FaissHandle(pointer, api.IndexFree);
        Dimension = api.IndexDimension(pointer);
    }

    public FaissApi Api { get; }
    public int Dimension { get; }
    public long Count => Use(pointer => Api.IndexCount(pointer));
    public bool IsTrained => Use(pointer => Api.IndexIsTrained(pointer) != 0);
    public bool IsInnerProduct => Use(pointer => Api.IndexMetric(pointer) == FaissApi.InnerProduct);

    /// <summary>An empty inner-product index from a factory string.</summary>
    public static NativeIndex Create(FaissApi api, int dimension, string description)
    {
        nint pointer;
        fixed (byte* text = Utf8(description))
            api.Check(api.IndexFactory(&pointer, dimension, text, FaissApi.InnerProduct), $"make an index {description}");
        return new NativeIndex(api, pointer);
    }

    /// <param name="api">The library.</param>
    /// <param name="path">A file of <see cref="Save"/>.</param>
    /// <param name="map">Leave inverted lists in the file, for a look rather than for serving.</param>
    public static NativeIndex Read(FaissApi api, string path, bool map)
    {
        nint pointer;
        fixed (byte* text = Utf8(path))
            api.Check(api.ReadIndex(text, map ? FaissApi.MapFile : 0, &pointer), $"read {path}");
        return new NativeIndex(api, pointer);
    }

    public void Save(string path) => Use(pointer =>
    {
        fixed (byte* text = Utf8(path)) Api.Check(Api.WriteIndex(pointer, text), $"write {path}");
        return 0;
    });

    /// <param name="rows">Rows × dimension.</param>
    /// <param name="threads">For this call; 0 leaves OpenMP's setting.</param>
    public void Train(ReadOnlySpan<float> rows, int threads) => Feed(rows, threads, training: true);

    /// <summary>Ids go on from <see cref="Count"/>.</summary>
    public void Add(ReadOnlySpan<float> rows, int threads) => Feed(rows, threads, training: false);

    /// <summary>One query on the calling thread: no OpenMP team is started. Places without a result get id -1.</summary>
    public void Search(ReadOnlySpan<float> query, Span<float> scores, Span<long> ids) => Search(query, scores, ids, lists: false);

    /// <summary>The inverted lists whose centres are nearest to a vector, for an index that <see cref="HasLists"/>.</summary>
    public void SearchLists(ReadOnlySpan<float> query, Span<float> scores, Span<long> lists) => Search(query, scores, lists, lists: true);

    private void Search(ReadOnlySpan<float> query, Span<float> scores, Span<long> ids, bool lists)
    {
        var taken = false;
        var before = Api.SetThreads(1);
        try
        {
            handle.DangerousAddRef(ref taken);
            var pointer = handle.DangerousGetHandle();
            if (lists) pointer = Api.IvfQuantizer(Api.IvfCast(pointer));
            int code;
            fixed (float* x = query, s = scores)
            fixed (long* i = ids)
                code = Api.IndexSearch(pointer, 1, x, ids.Length, s, i);
            if (code != 0) Api.Check(code, "search");
        }
        finally
        {
            Api.SetThreads(before);
            if (taken) handle.DangerousRelease();
        }
    }

    /// <summary>
    /// Searches among some rows by FAISS's own selector, in so many lists; for comparison, where <see cref="FaissApi.HasSelectors"/>.
    /// </summary>
    /// <param name="query">One vector.</param>
    /// <param name="among">One bit per row.</param>
    /// <param name="lists">Lists to look into.</param>
    /// <param name="scores">Gets scores.</param>
    /// <param name="ids">As long; places without a result get -1.</param>
    public void SearchAmong(ReadOnlySpan<float> query, ReadOnlySpan<ulong> among, int lists, Span<float> scores, Span<long> ids)
    {
        var taken = false;
        var before = Api.SetThreads(1);
        nint selector, parameters;
        try
        {
            handle.DangerousAddRef(ref taken);
            fixed (ulong* bits = among)
            fixed (float* x = query, s = scores)
            fixed (long* i = ids)
            {
                Api.Check(Api.BitmapSelectorNew(&selector, (nuint)among.Length * 8, (byte*)bits), "make a selector");
                using var ownedSelector = new FaissHandle(selector, Api.BitmapSelectorFree);
                Api.Check(Api.IvfParametersNew(&parameters, selector, (nuint)lists, 0), "make search parameters");
                using var ownedParameters = new FaissHandle(parameters, Api.IvfParametersFree);
                Api.Check(Api.IndexSearchWith(handle.DangerousGetHandle(), 1, x, parameters, ids.Length, s, i), "search among rows");
            }
        }
        finally
        {
            Api.SetThreads(before);
            if (taken) handle.DangerousRelease();
        }
    }

    /// <summary>Sets a search parameter such as <c>nprobe</c>; it is saved with the index.</summary>
    public void SetParameter(string name, double value) => Use(pointer =>
    {
        nint space;
        Api.Check(Api.ParameterSpaceNew(&space), "make a parameter space");
        using var owned = new FaissHandle(space, Api.ParameterSpaceFree);
        fixed (byte* text = Utf8(name)) Api.Check(Api.SetIndexParameter(space, pointer, text, value), $"set {name} to {value}");
        return 0;
    });

    /// <summary>True where <see cref="SearchLists"/> can be asked: an IVF index, and a library that tells its coarse quantiser.</summary>
    public bool HasLists => Api.IvfQuantizer is not null && Api.IvfProbes is not null && ListCount > 0;

    /// <summary>Lists that a search looks at, of an index that <see cref="HasLists"/>.</summary>
    public long ProbedLists => Use(pointer => (long)Api.IvfProbes(Api.IvfCast(pointer)));

    /// <summary>The inverted lists of an IVF index, or 0 of another kind.</summary>
    public long ListCount => Use(pointer => Api.IvfCast(pointer) is var ivf && ivf != 0 ? (long)Api.IvfLists(ivf) : 0);

    public long ListSize(long list) => Use(pointer => (long)Api.IvfListSize(Api.IvfCast(pointer), (nuint)list));

    /// <param name="list">Number of the list.</param>
    /// <param name="ids">As long as the list.</param>
    public void ListIds(long list, long[] ids) => Use(pointer =>
    {
        fixed (long* to = ids) Api.IvfListIds(Api.IvfCast(pointer), (nuint)list, to);
        return 0;
    });

    /// <summary>Bytes per vector in the inverted lists; 0 of another kind, or where the library cannot tell.</summary>
    public long ListCodeBytes =>
        Use(pointer => Api.IvfCodeBytes is not null && Api.IvfCast(pointer) is var ivf && ivf != 0 ? (long)Api.IvfCodeBytes(ivf) : 0);

    /// <summary>
    /// Where the vectors of a list lie, one behind the other in the order of <see cref="ListIds"/>, as long as this index lives and nothing
    /// is added; 0 where they do not lie in memory.
    /// </summary>
    public nint ListCodes(long list) =>
        Use(pointer => Api.IvfListCodes is null ? 0 : (nint)Api.IvfListCodes(Api.IvfCast(pointer), (nuint)list));

    /// <summary>A copy on a GPU, which uses the resources until it is freed.</summary>
    public NativeIndex CopyToGpu(FaissHandle resources, int device) => Use(pointer =>
    {
        nint copy;
        Api.Check(Api.IndexCpuToGpu(resources.DangerousGetHandle(), device, pointer, &copy), $"copy the index to GPU {device}");
        return new NativeIndex(Api, copy);
    });

    public NativeIndex CopyToCpu() => Use(pointer =>
    {
        nint copy;
        Api.Check(Api.IndexGpuToCpu(pointer, &copy), "copy the index from the GPU");
        return new NativeIndex(Api, copy);
    });

    public void Dispose() => handle.Dispose();

    private void Feed(ReadOnlySpan<float> rows, int threads, bool training)
    {
        if (rows.Length % Dimension != 0) throw new ArgumentException($"{rows.Length} values are not rows of {Dimension}.", nameof(rows));
        var count = rows.Length / Dimension;
        var taken = false;
        var before = Api.SetThreads(threads);
        try
        {
            handle.DangerousAddRef(ref taken);
            var pointer = handle.DangerousGetHandle();
            fixed (float* x = rows)
            {
                if (training) Api.Check(Api.IndexTrain(pointer, count, x), $"train the index on {count} vectors");
                else Api.Check(Api.IndexAdd(pointer, count, x), $"add {count} vectors");
            }
        }
        finally
        {
            Api.SetThreads(before);
            if (taken) handle.DangerousRelease();
        }
    }

    /// <summary>Lends FAISS's pointer, which is valid until <paramref name="work"/> returns.</summary>
    public T Use<T>(Func<nint, T> work)
    {
        var taken = false;
        try
        {
            handle.DangerousAddRef(ref taken);
            return work(handle.DangerousGetHandle());
        }
        finally
        {
            if (taken) handle.DangerousRelease();
        }
    }

    private static byte[] Utf8(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("The text holds a null character.", nameof(text));
        return [.. Encoding.UTF8.GetBytes(text), 0];
    }
}
