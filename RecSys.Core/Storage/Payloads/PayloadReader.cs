using System.Buffers.Binary;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>
/// Reads what <see cref="PayloadWriter"/> wrote. Whatever does not fit together is reported as damage, never read beyond the end.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>What has not been read yet.</summary>
    internal readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Reads the format version, which stands first.</summary>
    /// <exception cref="RecSysException">The record was written by a newer version of the program.</exception>
    internal byte Version(byte newest)
    {
        var version = Byte();
        if (version == 0 || version > newest)
            throw new RecSysException(
                $"A stored record has format {version}, this version of RecSys reads up to {newest}. Use the version that wrote it.");
        return version;
    }

    internal byte Byte() => Take(1)[0];

    internal int Count()
    {
        var value = Unsigned();
        // Whatever is counted takes at least one byte, so a count beyond the rest is damage, not a reason to allocate.
        return value <= (ulong)rest.Length ? (int)value : throw Damaged();
    }

    internal int Number()
    {
        var value = Unsigned();
        return value <= int.MaxValue ? (int)value : throw Damaged();
    }

    internal long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Damaged();
    }

    internal float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    internal double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    internal string? Text() => TryUtf8(out var utf8) ? Encoding.UTF8.GetString(utf8) : null;

    internal string Required() => Text() ?? throw Damaged();

    /// <summary>The bytes of a text; false where there is none.</summary>
    internal bool TryUtf8(out ReadOnlySpan<byte> utf8)
    {
        var length = Unsigned();
        if (length > (ulong)rest.Length + 1) throw Damaged();
        utf8 = length == 0 ? default : Take((int)length - 1);
        return length != 0;
    }

    internal float[] Singles(int count)
    {
        if (count > rest.Length / 4) throw Damaged();
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = Single();
        return values;
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > rest.Length) throw Damaged();
        var taken = rest[..size];
        rest = rest[size..];
        return taken;
    }

    private static RecSysException Damaged() => new("A stored record is damaged. Restore the data folder from a backup.");
}
