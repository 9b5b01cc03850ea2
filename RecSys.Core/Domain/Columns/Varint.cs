namespace RecSys.Core.Domain.Columns;

/// <summary>Unsigned numbers in 1 to 5 bytes, seven bits each, the lowest first (LEB128).</summary>
internal static class Varint
{
    /// <summary>Writes the number and returns how many bytes it took.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and moves past it.</summary>
    public static uint Read(ref ReadOnlySpan<byte> source)
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = source[0];
            source = source[1..];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
            if (shift == 28) throw new InvalidDataException("A length takes more than five bytes.");
        }
    }
}
