using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>Binary form of <see cref="ItemState"/>, little-endian, 204 bytes: u16 version, u16 checksum of the rest, and the counters as they lie in memory.</summary>
internal static class ItemStateFormat
{
    /// <summary>Raised whenever a field of <see cref="ItemState"/> changes; other versions are refused.</summary>
    public const ushort Version = 2;

    private const int HeaderBytes = 4;

    public static int ByteCount => HeaderBytes + Unsafe.SizeOf<ItemState>();

    /// <summary>Writes the state and returns <see cref="ByteCount"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than that.</exception>
    public static int Write(in ItemState state, Span<byte> target)
    {
        if (target.Length < ByteCount) throw new ArgumentException($"The state needs {ByteCount} bytes, the target has {target.Length}.", nameof(target));
        MemoryMarshal.Write(target[HeaderBytes..], in state);
        BinaryPrimitives.WriteUInt16LittleEndian(target, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], CompactForm.Checksum(target[HeaderBytes..ByteCount]));
        return ByteCount;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; bytes behind the form are ignored.</summary>
    /// <exception cref="RecSysException">Another version, or damaged bytes.</exception>
    public static ItemState Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderBytes) throw Damaged("it is shorter than its header");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (version != Version)
            throw new RecSysException($"The stored item state has format {version}, this server reads {Version}; delete it and it is built again from the event log.");
        if (source.Length < ByteCount) throw Damaged("it ends early");
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[2..]) != CompactForm.Checksum(source[HeaderBytes..ByteCount])) throw Damaged("its checksum is wrong");
        return MemoryMarshal.Read<ItemState>(source[HeaderBytes..]);
    }

    private static RecSysException Damaged(string why) =>
        new($"The stored item state is damaged: {why}. Delete it and it is built again from the event log.");
}
