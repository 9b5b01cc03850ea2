using System.Numerics;
using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>What the binary forms of states share: values as they lie in memory (little-endian on every platform .NET runs on), and a checksum.</summary>
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
        var crc = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, eight);
        foreach (var one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return (ushort)(crc ^ (crc >> 16));
    }
}
