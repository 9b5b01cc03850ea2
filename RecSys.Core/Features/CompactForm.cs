using System.Runtime.InteropServices;
using Columns = RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>
/// What the binary forms of states share: values as they lie in memory (little-endian on every platform .NET runs on), and a checksum.
/// </summary>
internal static class CompactForm
{
    public static void Put<T>(scoped ref Span<byte> target, scoped ReadOnlySpan<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(target);
        target = target[bytes.Length..];
    }

    /// <summary>Reads values and moves behind them; null when there are not enough bytes.</summary>
    public static T[]? Take<T>(ref ReadOnlySpan<byte> source, int count) where T : unmanaged
    {
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (source.Length < bytes.Length) return null;
        source[..bytes.Length].CopyTo(bytes);
        source = source[bytes.Length..];
        return values;
    }

    /// <summary>CRC-32C folded to 16 bits.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = Columns.Checksum.Add(bytes);
        return (ushort)(crc ^ (crc >> 16));
    }

    /// <summary>Appends a number in 1 to 5 bytes of 7 bits each, the low ones first.</summary>
    public static void PutShort(ref Span<byte> target, uint value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        target = target[length..];
    }

    /// <summary>
    /// Reads what <see cref="PutShort"/> wrote and moves behind it; false when there are not enough bytes or more than a number has.
    /// </summary>
    public static bool TakeShort(ref ReadOnlySpan<byte> source, out uint value)
    {
        value = 0;
        for (var i = 0; i < 5 && i < source.Length; i++)
        {
            value |= (source[i] & 0x7Fu) << (7 * i);
            if (source[i] >= 0x80) continue;
            if (i == 4 && source[i] > 0x0F) return false;
            source = source[(i + 1)..];
            return true;
        }
        return false;
    }
}
