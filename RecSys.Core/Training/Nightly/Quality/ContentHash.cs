using System.Numerics;
using System.Runtime.InteropServices;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>
/// 128 bits that tell contents apart within one process: two chains of invertible steps of 64 bits each, by different odd factors. Nothing
/// is kept of it anywhere, and nobody chooses contents to be alike.
/// </summary>
internal struct ContentHash
{
    private ulong a;
    private ulong b;

    public void Add(ulong value)
    {
        a = (a ^ value) * 0x9e3779b97f4a7c15;
        a ^= a >> 29;
        b = BitOperations.RotateLeft(b + value, 27) * 0xd6e8feb86659fd93;
        b ^= b >> 32;
    }

    public void Add(long value) => Add((ulong)value);

    /// <summary>A number or none.</summary>
    public void Add(double? value)
    {
        Add(value is null ? 0UL : 1UL);
        if (value is { } known) Add(BitConverter.DoubleToUInt64Bits(known));
    }

    /// <summary>A text or none, with its length, so that two texts are not one.</summary>
    public void Add(string? text)
    {
        Add(text is null ? ulong.MaxValue : (ulong)text.Length);
        var bytes = MemoryMarshal.AsBytes(text.AsSpan());
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) Add(MemoryMarshal.Read<ulong>(bytes));
        if (bytes.IsEmpty) return;
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        bytes.CopyTo(rest);
        Add(MemoryMarshal.Read<ulong>(rest));
    }

    public readonly (ulong A, ulong B) ToValue() => (a, b);
}
