using System.Buffers.Binary;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>
/// What a snapshot file looks like, little-endian. Header: "RSFS", u16 format, u16 version of the item states, u16 version of the overall
/// counters, u16 zero, i64 position, u32 CRC-32C of these. Then parts: u8 kind, i32 number, i32 length, the bytes, u32 CRC-32C of all of
/// these; the last part is the end, whose number says how many came before it. A chunk of a table is a bit for each of its cells that holds
/// anything, and those cells as they lie in memory.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>Raised when the layout of the file changes.</summary>
    public const ushort Version = 1;

    /// <summary>Raised whenever a field of <see cref="ItemState"/> changes or is counted otherwise.</summary>
    public const ushort ItemVersion = 3;

    /// <summary>Raised whenever a field of <see cref="GlobalState"/> changes or is counted otherwise.</summary>
    public const ushort WholeVersion = 1;

    public const int HeaderBytes = 24;
    public const int PartHeaderBytes = 9;

    public const byte End = 0;
    public const byte Whole = 1;
    public const byte Groups = 2;
    public const byte Items = 3;

    public static ReadOnlySpan<byte> Magic => "RSFS"u8;

    public static void WriteHeader(Span<byte> header, long position)
    {
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], ItemVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], WholeVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Checksum.Add(header[..20]));
    }

    /// <summary>The position, of a header that this program reads.</summary>
    /// <exception cref="RecSysException">No snapshot, a damaged header, or another version.</exception>
    public static long ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic)) throw Refused("header", "it is not that of a snapshot of the feature state");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) != Checksum.Add(header[..20]))
            throw Refused("header", "its checksum is wrong");
        Check("header", "format", BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), Version);
        Check("item states", "version", BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), ItemVersion);
        Check("overall counters", "version", BinaryPrimitives.ReadUInt16LittleEndian(header[8..]), WholeVersion);
        return BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
    }

    /// <summary>What a part is called in errors.</summary>
    public static string NameOf(byte kind, int number) => kind switch
    {
        End => "end",
        Whole => "overall counters",
        Groups => $"chunk {number} of the counters by group",
        Items => $"chunk {number} of the item states (items {number * (long)ChunkedTable<ItemState>.ChunkSize} to "
            + $"{(number + 1L) * ChunkedTable<ItemState>.ChunkSize - 1})",
        _ => $"part of unknown kind {kind}",
    };

    public static RecSysException Refused(string part, string why) =>
        new($"The snapshot of the feature state is refused: {part}: {why}. Use an earlier snapshot, or delete it and the state is folded "
            + "again from the log.");

    private static void Check(string part, string what, ushort found, ushort wanted)
    {
        if (found != wanted) throw Refused(part, $"it has {what} {found}, this server reads {wanted}");
    }
}
