using System.Buffers.Binary;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>Records one behind the other in a temporary file.</summary>
internal sealed class SpoolWriter : IDisposable
{
    private readonly string path;
    private readonly FileStream file;
    private bool failed;

    internal SpoolWriter(string path)
    {
        this.path = path;
        try
        {
            file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 18);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explained(failure);
        }
    }

    internal void Write(ReadOnlySpan<byte> record)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
        try
        {
            file.Write(length);
            file.Write(record);
        }
        catch (IOException failure)
        {
            failed = true;
            throw Explained(failure);
        }
    }

    /// <exception cref="RecSysException">What was written last does not fit; not thrown where a write has said so.</exception>
    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException failure)
        {
            if (!failed) throw Explained(failure);
        }
    }

    private RecSysException Explained(Exception failure) =>
        new($"The temporary file {path} cannot be written: {failure.Message} Free some space and start the import again; what it stored "
            + $"before stays.", failure);
}
