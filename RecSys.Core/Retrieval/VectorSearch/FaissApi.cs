using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// FAISS's C API (<c>c_api/*.h</c>, 1.7.3 and newer) as function pointers out of one library file. What a build must have and what it may
/// have is settled when the library is loaded, never at a call. A library is loaded once and stays: its OpenMP threads outlive any index.
/// </summary>
internal sealed unsafe partial class FaissApi
{
    public const int InnerProduct = 0;

    /// <summary>Reads inverted lists from the mapped file when they are needed instead of copying them (<c>IO_FLAG_MMAP</c>).</summary>
    public const int MapFile = 0x646f0008;

    private const string FileName = "libfaiss_c.so";
    private static readonly ConcurrentDictionary<string, FaissApi> Loaded = new(StringComparer.Ordinal);
    private static readonly Lock Loading = new();

    public readonly delegate* unmanaged<byte*> GetLastError;
    public readonly delegate* unmanaged<nint*, int, byte*, int, int> IndexFactory;
    public readonly delegate* unmanaged<nint, void> IndexFree;
    public readonly delegate* unmanaged<nint, int> IndexDimension;
    public readonly delegate* unmanaged<nint, long> IndexCount;
    public readonly delegate* unmanaged<nint, int> IndexIsTrained;
    public readonly delegate* unmanaged<nint, int> IndexMetric;
    public readonly delegate* unmanaged<nint, long, float*, int> IndexTrain;
    public readonly delegate* unmanaged<nint, long, float*, int> IndexAdd;
    public readonly delegate* unmanaged<nint, long, float*, long, float*, long*, int> IndexSearch;
    public readonly delegate* unmanaged<nint, byte*, int> WriteIndex;
    public readonly delegate* unmanaged<byte*, int, nint*, int> ReadIndex;
    public readonly delegate* unmanaged<nint*, int> ParameterSpaceNew;
    public readonly delegate* unmanaged<nint, void> ParameterSpaceFree;
    public readonly delegate* unmanaged<nint, nint, byte*, double, int> SetIndexParameter;
    public readonly delegate* unmanaged<nint, nint> IvfCast;
    public readonly delegate* unmanaged<nint, nuint> IvfLists;
    public readonly delegate* unmanaged<nint, nuint, nuint> IvfListSize;
    public readonly delegate* unmanaged<nint, nuint, long*, void> IvfListIds;

    // Optional: null in a build of ours from before they were needed.
    public readonly delegate* unmanaged<nint, nint> IvfQuantizer;
    public readonly delegate* unmanaged<nint, nuint> IvfProbes;

    // Optional: for comparison alone.
    public readonly delegate* unmanaged<nint*, nuint, byte*, int> BitmapSelectorNew;
    public readonly delegate* unmanaged<nint, void> BitmapSelectorFree;
    public readonly delegate* unmanaged<nint*, nint, nuint, nuint, int> IvfParametersNew;
    public readonly delegate* unmanaged<nint, void> IvfParametersFree;
    public readonly delegate* unmanaged<nint, long, float*, nint, long, float*, long*, int> IndexSearchWith;

    // Optional, and only in the build of eng/native: null in the official library.
    public readonly delegate* unmanaged<nint, nuint> IvfCodeBytes;
    public readonly delegate* unmanaged<nint, nuint, byte*> IvfListCodes;

    // Optional: null where the build has no GPU support.
    public readonly delegate* unmanaged<int*, int> GetGpuCount;
    public readonly delegate* unmanaged<nint*, int> GpuResourcesNew;
    public readonly delegate* unmanaged<nint, void> GpuResourcesFree;
    public readonly delegate* unmanaged<nint, int, nint, nint*, int> IndexCpuToGpu;
    public readonly delegate* unmanaged<nint, nint*, int> IndexGpuToCpu;

    private readonly delegate* unmanaged[SuppressGCTransition]<int> getThreads;
    private readonly delegate* unmanaged[SuppressGCTransition]<int, void> setThreads;
    private readonly nint library;

    private FaissApi(nint library, string path)
    {
        this.library = library;
        Path = path;
        GetLastError = (delegate* unmanaged<byte*>)Required("faiss_get_last_error");
        IndexFactory = (delegate* unmanaged<nint*, int, byte*, int, int>)Required("faiss_index_factory");
        IndexFree = (delegate* unmanaged<nint, void>)Required("faiss_Index_free");
        IndexDimension = (delegate* unmanaged<nint, int>)Required("faiss_Index_d");
        IndexCount = (delegate* unmanaged<nint, long>)Required("faiss_Index_ntotal");
        IndexIsTrained = (delegate* unmanaged<nint, int>)Required("faiss_Index_is_trained");
        IndexMetric = (delegate* unmanaged<nint, int>)Required("faiss_Index_metric_type");
        IndexTrain = (delegate* unmanaged<nint, long, float*, int>)Required("faiss_Index_train");
        IndexAdd = (delegate* unmanaged<nint, long, float*, int>)Required("faiss_Index_add");
        IndexSearch = (delegate* unmanaged<nint, long, float*, long, float*, long*, int>)Required("faiss_Index_search");
        WriteIndex = (delegate* unmanaged<nint, byte*, int>)Required("faiss_write_index_fname");
        ReadIndex = (delegate* unmanaged<byte*, int, nint*, int>)Required("faiss_read_index_fname");
        ParameterSpaceNew = (delegate* unmanaged<nint*, int>)Required("faiss_ParameterSpace_new");
        ParameterSpaceFree = (delegate* unmanaged<nint, void>)Required("faiss_ParameterSpace_free");
        SetIndexParameter = (delegate* unmanaged<nint, nint, byte*, double, int>)Required("faiss_ParameterSpace_set_index_parameter");
        IvfCast = (delegate* unmanaged<nint, nint>)Required("faiss_IndexIVF_cast");
        IvfLists = (delegate* unmanaged<nint, nuint>)Required("faiss_IndexIVF_nlist");
        IvfListSize = (delegate* unmanaged<nint, nuint, nuint>)Required("faiss_IndexIVF_get_list_size");
        IvfListIds = (delegate* unmanaged<nint, nuint, long*, void>)Required("faiss_IndexIVF_invlists_get_ids");

        IvfQuantizer = (delegate* unmanaged<nint, nint>)Optional("faiss_IndexIVF_quantizer");
        IvfProbes = (delegate* unmanaged<nint, nuint>)Optional("faiss_IndexIVF_nprobe");
        IvfCodeBytes = (delegate* unmanaged<nint, nuint>)Optional("faiss_IndexIVF_code_size");
        IvfListCodes = (delegate* unmanaged<nint, nuint, byte*>)Optional("faiss_IndexIVF_invlists_get_codes");
        BitmapSelectorNew = (delegate* unmanaged<nint*, nuint, byte*, int>)Optional("faiss_IDSelectorBitmap_new");
        BitmapSelectorFree = (delegate* unmanaged<nint, void>)Optional("faiss_IDSelectorBitmap_free");
        IvfParametersNew = (delegate* unmanaged<nint*, nint, nuint, nuint, int>)Optional("faiss_SearchParametersIVF_new_with");
        IvfParametersFree = (delegate* unmanaged<nint, void>)Optional("faiss_SearchParametersIVF_free");
        IndexSearchWith = (delegate* unmanaged<nint, long, float*, nint, long, float*, long*, int>)
            Optional("faiss_Index_search_with_params");
        GetGpuCount = (delegate* unmanaged<int*, int>)Optional("faiss_get_num_gpus");
        GpuResourcesNew = (delegate* unmanaged<nint*, int>)Optional("faiss_StandardGpuResources_new");
        GpuResourcesFree = (delegate* unmanaged<nint, void>)Optional("faiss_StandardGpuResources_free");
        IndexCpuToGpu = (delegate* unmanaged<nint, int, nint, nint*, int>)Optional("faiss_index_cpu_to_gpu");
        IndexGpuToCpu = (delegate* unmanaged<nint, nint*, int>)Optional("faiss_index_gpu_to_cpu");

        // The OpenMP runtime is looked up through the library itself, so it is the one that this build of FAISS uses.
        getThreads = (delegate* unmanaged[SuppressGCTransition]<int>)Optional("omp_get_max_threads");
        setThreads = (delegate* unmanaged[SuppressGCTransition]<int, void>)Optional("omp_set_num_threads");
        var version = (delegate* unmanaged<byte*>)Optional("faiss_get_version");
        Version = version is null ? "of unknown version" : Text(version());
    }

    /// <summary>The file, or the name under which the system found it.</summary>
    public string Path { get; }

    public string Version { get; }

    public bool HasGpuSupport =>
        GetGpuCount is not null && GpuResourcesNew is not null && GpuResourcesFree is not null && IndexCpuToGpu is not null
        && IndexGpuToCpu is not null;

    /// <summary>True where the library searches among rows by itself.</summary>
    public bool HasSelectors => BitmapSelectorNew is not null && BitmapSelectorFree is not null && IvfParametersNew is not null
        && IvfParametersFree is not null && IndexSearchWith is not null;

    /// <summary>Loads a named library, or the one that belongs to this program.</summary>
    /// <exception cref="RecSysException">There is none, or it is not FAISS's C library.</exception>
    public static FaissApi Load(string? path) =>
        TryLoad(path, out var api, out var reason) ? api : throw new RecSysException(reason);

    /// <summary>As <see cref="Load"/>; false, with the reason, where the program's own library does not exist.</summary>
    /// <exception cref="RecSysException">A library is there but is not FAISS's C library, or a named one does not exist.</exception>
    public static bool TryLoad(string? path, [NotNullWhen(true)] out FaissApi? api, out string reason)
    {
        var named = !string.IsNullOrWhiteSpace(path);
        var wanted = named ? System.IO.Path.GetFullPath(path!) : "";
        reason = "";
        if (Loaded.TryGetValue(wanted, out api)) return true;
        lock (Loading)
        {
            if (Loaded.TryGetValue(wanted, out api)) return true;
            if (named && !File.Exists(wanted))
                throw new RecSysException($"Retrieval:FaissLibrary names {wanted}, which does not exist. Give the path of libfaiss_c.so, "
                    + "or remove the setting to use the library that eng/setup.sh builds.");
            LetThreadsSleep();
            foreach (var candidate in named ? [wanted] : Candidates())
            {
                if (!NativeLibrary.TryLoad(candidate, out var library))
                {
                    if (File.Exists(candidate))
                        throw new RecSysException($"{candidate} cannot be loaded: {WhyNot(candidate)}. Install what it needs "
                            + "(libopenblas0, libgomp1), or run eng/setup.sh again.");
                    continue;
                }
                api = new FaissApi(library, candidate);
                Loaded[wanted] = api;
                return true;
            }
        }
        reason = $"FAISS is not installed: {FileName} was found neither in "
            + $"{System.IO.Path.Combine(AppContext.BaseDirectory, "runtimes")} nor on the system. Run eng/setup.sh and build again, set "
            + "Retrieval:FaissLibrary, or set Retrieval:Index to exact.";
        return false;
    }

    /// <summary>OpenMP reads this setting from the calling thread, so it has to be made around every call.</summary>
    /// <returns>The number before, for <see cref="SetThreads"/> afterwards.</returns>
    public int SetThreads(int threads)
    {
        if (setThreads is null || getThreads is null) return 0;
        var before = getThreads();
        if (threads > 0 && threads != before) setThreads(threads);
        return before;
    }

    /// <summary>Turns a return code into an exception with FAISS's own words.</summary>
    /// <exception cref="RecSysException">The code is not 0.</exception>
    public void Check(int code, string doing)
    {
        if (code == 0) return;
        // The message belongs to the calling thread, so nothing else may run in between.
        var message = GetLastError();
        throw new RecSysException($"FAISS {Version} could not {doing}: {(message is null ? $"code {code}" : Text(message))}");
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static string[] Candidates() =>
    [
        System.IO.Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", FileName),
        System.IO.Path.Combine(AppContext.BaseDirectory, FileName),
        FileName,
    ];

    // OpenMP threads that spin while they wait take the processor from the matrix products that train an index. An operator's setting wins.
    private static void LetThreadsSleep()
    {
        if (OperatingSystem.IsLinux()) _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
    }

    private static string WhyNot(string path)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(path));
            return "unknown reason";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    private void* Required(string name)
    {
        var address = Optional(name);
        return address is not null ? address
            : throw new RecSysException($"{Path} is not FAISS's C library in a version this program can use: it has no {name}. Name "
            + "libfaiss_c.so of FAISS 1.7.3 or newer in Retrieval:FaissLibrary.");
    }

    private void* Optional(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? (void*)address : null;

    // .NET's own environment never reaches native code on Unix.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
