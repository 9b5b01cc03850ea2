using System.Buffers.Binary;
using System.Text;

namespace RecSys.Core.Domain.Columns;

/// <summary>A reused buffer that a record is written into.</summary>
internal sealed class RecordWriter
{
    private byte[] bytes = new byte[1024];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        length++;
    }

    public void Varint(uint value) => length += Columns.Varint.Write(Room(5), value);

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        length += 8;
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Text(string value)
    {
        Varint((uint)Encoding.UTF8.GetByteCount(value));
        length += Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    private Span<byte> Room(int needed)
    {
        if (bytes.Length - length < needed) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, checked(length + needed)));
        return bytes.AsSpan(length);
    }
}
