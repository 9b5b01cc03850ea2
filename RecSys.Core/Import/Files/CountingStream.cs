namespace RecSys.Core.Import.Files;

/// <summary>Counts what is read, and shows the first bytes without consuming them, also of a pipe.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    private byte[] peeked = [];
    private int used;

    /// <summary>Bytes in all; null for a pipe.</summary>
    internal long? Size { get; } = inner.CanSeek ? inner.Length : null;

    internal long Consumed { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Call it once, before anything is read.</summary>
    internal ReadOnlySpan<byte> Peek(int count)
    {
        peeked = new byte[count];
        return peeked = peeked[..inner.ReadAtLeast(peeked, count, throwOnEndOfStream: false)];
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (used < peeked.Length)
        {
            read = Math.Min(buffer.Length, peeked.Length - used);
            peeked.AsSpan(used, read).CopyTo(buffer);
            used += read;
        }
        else
        {
            read = inner.Read(buffer);
        }
        Consumed += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
