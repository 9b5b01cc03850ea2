using System.IO.MemoryMappedFiles;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// A file as memory: pages come in when they are read, belong to the system's cache and leave under pressure. A file that is cut while it
/// is mapped ends the process, so only files that never change may be mapped; those of a published bundle never do.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private bool disposed;

    /// <param name="path">The file.</param>
    /// <param name="bytes">Its size, at least 1.</param>
    /// <exception cref="RecSysException">It has another size.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public MappedFile(string path, long bytes)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        try
        {
            if (stream.Length != bytes)
                throw new RecSysException($"{path} is {stream.Length} bytes long instead of {bytes}. Publish the bundle again.");
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None,
                leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
        view = file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
        Bytes = bytes;
    }

    public long Bytes { get; }

    /// <param name="offset">In bytes.</param>
    /// <param name="count">Values.</param>
    public ReadOnlySpan<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (offset < 0 || count < 0 || offset > Bytes - (long)count * sizeof(T)) throw new ArgumentOutOfRangeException(nameof(offset));
        return new ReadOnlySpan<T>(start + offset, count);
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
