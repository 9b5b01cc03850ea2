using Columns = RecSys.Core.Domain.Columns;

namespace RecSys.Core.Events;

/// <summary>Counts and sums (CRC-32C) what goes through to another stream, in one direction.</summary>
internal sealed class CheckedStream(Stream inner) : Stream
{
    private uint crc = uint.MaxValue;

    public uint Checksum => ~crc;
    public long Count { get; private set; }
    public override bool CanRead => inner.CanRead;
    public override bool CanWrite => inner.CanWrite;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Add(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Add(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        crc = Columns.Checksum.Add(bytes, crc);
    }
}
