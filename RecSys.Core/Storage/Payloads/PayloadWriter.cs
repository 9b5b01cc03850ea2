using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RecSys.Core.Storage.Payloads;

/// <summary>
/// Writes the compact stored form of records: numbers as base-128 (signed ones zigzag), text as length + 1 and UTF-8, 0 for none. Reusable
/// after <see cref="Clear"/>; not thread-safe.
/// </summary>
internal sealed class PayloadWriter
{
    private byte[] buffer = new byte[512];

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    internal int Length { get; private set; }

    /// <summary>Valid until the next write.</summary>
    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal void Byte(byte value) => Room(1)[0] = value;

    internal void Count(int value) => Unsigned((ulong)value);

    internal void Signed(long value) => Unsigned((ulong)(value << 1) ^ (ulong)(value >> 63));

    internal void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }

    internal void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);

    internal void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    internal void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    internal void Singles(ReadOnlySpan<float> values)
    {
        foreach (var value in values) Single(value);
    }

    private Span<byte> Room(int size)
    {
        if (Length + size > buffer.Length) Array.Resize(ref buffer, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + size)));
        var room = buffer.AsSpan(Length, size);
        Length += size;
        return room;
    }
}
