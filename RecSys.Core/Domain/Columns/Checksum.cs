using System.Buffers.Binary;
using System.Numerics;

namespace RecSys.Core.Domain.Columns;

/// <summary>CRC-32C (Castagnoli), which processors compute themselves; the one checksum of all stored forms.</summary>
internal static class Checksum
{
    /// <summary>Of a number and the bytes behind it.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint start) => ~Add(bytes, BitOperations.Crc32C(uint.MaxValue, start));

    /// <summary>
    /// Goes on from <paramref name="crc"/>, without the inversion that ends a CRC-32C; how the bytes are cut into calls does not matter.
    /// </summary>
    public static uint Add(ReadOnlySpan<byte> bytes, uint crc = uint.MaxValue)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
