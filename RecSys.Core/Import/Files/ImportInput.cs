using ICSharpCode.SharpZipLib;
using RecSys.Core.Domain;
using ZstdSharp;

namespace RecSys.Core.Import.Files;

/// <summary>
/// A file as the bytes that it holds: gzip and zstd are recognised by their first bytes and unpacked while reading. A packed file that is
/// cut off or damaged ends in a message, never in fewer bytes.
/// </summary>
internal sealed class ImportInput : Stream
{
    private const int HeadLength = 4096;

    private readonly CountingStream file;
    private readonly Stream content;
    private readonly string path;
    private readonly byte[] head = [];
    private int headUsed;

    private ImportInput(string path, CountingStream file)
    {
        this.path = path;
        this.file = file;
        content = file;
        try
        {
            var magic = file.Peek(4);
            if (magic is [0x1F, 0x8B, ..]) content = new GzipStream(file);
            else if (magic is [0x28, 0xB5, 0x2F, 0xFD]) content = new DecompressionStream(file, 1 << 16);
            head = new byte[HeadLength];
            head = head[..ReadFully(head)];
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Size of the file in bytes, packed as it is; null for a pipe.</summary>
    internal long? FileLength => file.Size;

    /// <summary>The first bytes of what is read, at most 4 KiB.</summary>
    internal ReadOnlySpan<byte> Head => head;

    /// <summary>Bytes of the file that were read.</summary>
    internal long FilePosition => file.Consumed;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="RecSysException">The file is missing, a directory, or may not be read.</exception>
    internal static ImportInput Open(string path)
    {
        if (Directory.Exists(path)) throw new RecSysException($"{path} is a directory; give a file.");
        RegularFile.Require(path);
        try
        {
            return new ImportInput(path, new CountingStream(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{path} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>As <see cref="Open"/>, for rows of text.</summary>
    /// <exception cref="RecSysException">The beginning is not that of a text file.</exception>
    internal static ImportInput OpenText(string path)
    {
        var input = Open(path);
        if (TextSigns.FindProblem(input.head.AsSpan(0, Math.Min(512, input.head.Length))) is not { } problem) return input;
        input.Dispose();
        throw new RecSysException($"{path} {problem} Nothing was imported.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (headUsed < head.Length)
        {
            var copied = Math.Min(buffer.Length, head.Length - headUsed);
            head.AsSpan(headUsed, copied).CopyTo(buffer);
            headUsed += copied;
            return copied;
        }
        return ReadContent(buffer);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (content != file) content.Dispose();
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    private int ReadContent(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception failure) when (failure is SharpZipBaseException or ZstdException or InvalidDataException or EndOfStreamException
            || (content != file && failure is ArgumentException or IndexOutOfRangeException))
        {
            throw new RecSysException($"{path} is packed and cannot be unpacked beyond byte {file.Consumed}: {failure.Message} "
                + "It is damaged, has something behind its end, or was not copied to its end. Nothing was imported.", failure);
        }
        catch (IOException failure)
        {
            throw new RecSysException($"{path} cannot be read on: {failure.Message} Nothing was imported.", failure);
        }
    }

    private int ReadFully(byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && ReadContent(buffer.AsSpan(filled)) is > 0 and var read) filled += read;
        return filled;
    }
}
