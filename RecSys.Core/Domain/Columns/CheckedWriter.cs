using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RecSys.Core.Domain.Columns;

/// <summary>
/// Writes blocks that a <see cref="CheckedReader"/> can tell from damaged, missing, repeated or foreign ones: 8 bytes that name the
/// content, its version, then for each block its length, a checksum (CRC-32C over the block's place in the stream and its bytes) and the
/// bytes. Little-endian.
/// </summary>
internal sealed class CheckedWriter
{
    private readonly Stream stream;
    private readonly byte[] head = new byte[8];
    private uint block;

    /// <param name="stream">Written from where it stands; not closed.</param>
    /// <param name="name">8 bytes.</param>
    /// <param name="version">Of the content.</param>
    public CheckedWriter(Stream stream, ReadOnlySpan<byte> name, int version)
    {
        this.stream = stream;
        stream.Write(name);
        Numbers(version);
    }

    public void Numbers(params ReadOnlySpan<long> numbers) => Block(numbers);

    public void Block<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        BinaryPrimitives.WriteInt32LittleEndian(head, bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), Checksum.Of(bytes, block++));
        stream.Write(head);
        stream.Write(bytes);
    }
}
