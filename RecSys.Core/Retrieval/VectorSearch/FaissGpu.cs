using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>What FAISS keeps on a GPU beside an index. Its temporary memory serves one search at a time.</summary>
internal sealed unsafe class FaissGpu : IDisposable
{
    private readonly FaissHandle resources;

    private FaissGpu(FaissHandle resources) => this.resources = resources;

    /// <summary>Copies an index to the first GPU.</summary>
    /// <param name="index">Stays with the caller unless the copy replaces it; then it is freed.</param>
    /// <param name="device"><see cref="RetrievalOptions.Device"/>: <c>gpu</c> insists, <c>auto</c> takes one where there is one.</param>
    /// <param name="gpu">What the copy needs, or null when the index stays on the CPU.</param>
    /// <exception cref="RecSysException">A GPU is wanted, but the library or the machine has none.</exception>
    public static NativeIndex Place(NativeIndex index, string device, out FaissGpu? gpu)
    {
        gpu = null;
        if (device == RetrievalOptions.Cpu) return index;
        var insists = device == RetrievalOptions.Gpu;
        if (Missing(index.Api) is { } reason)
            return insists ? throw new RecSysException($"Retrieval:Device is gpu, but {reason} Set it to auto or cpu.") : index;
        nint pointer;
        index.Api.Check(index.Api.GpuResourcesNew(&pointer), "reserve GPU memory");
        var owned = new FaissHandle(pointer, index.Api.GpuResourcesFree);
        try
        {
            var copy = index.CopyToGpu(owned, 0);
            index.Dispose();
            gpu = new FaissGpu(owned);
            return copy;
        }
        catch (RecSysException) when (!insists)
        {
            // Too large for the GPU, or a kind that exists for the CPU only.
            owned.Dispose();
            return index;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    public void Dispose() => resources.Dispose();

    private static string? Missing(FaissApi api)
    {
        if (!api.HasGpuSupport) return $"{api.Path} is a build of FAISS for the CPU. Name a GPU build in Retrieval:FaissLibrary.";
        int count;
        api.Check(api.GetGpuCount(&count), "count GPUs");
        return count == 0 ? "FAISS finds no GPU on this machine." : null;
    }
}
