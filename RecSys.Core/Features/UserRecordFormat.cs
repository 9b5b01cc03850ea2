using System.Buffers.Binary;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Features;

/// <summary>
/// Everything that is folded of one user in one binary form, for <c>IUserStateStore</c>. Little-endian: u16 version, u16 zero, u32 CRC-32C
/// of everything behind it, i64 position, i32 length of the state and its own form (<see cref="UserState.Write"/>), i32 number of seen
/// items, u32 earliest second among them, and per item in ascending order the difference of its number to the one before it, a byte (1
/// shown, 2 consumed, 4 rejected) and the seconds since the earliest that the byte speaks of; differences in 7 bits per byte. About 8 bytes
/// for an item.
/// </summary>
public static class UserRecordFormat
{
    /// <summary>Raised whenever the form, or what goes into it, changes; other versions are refused and the user is folded again from the
    /// log.</summary>
    public const ushort Version = 2;

    /// <summary>
    /// Most bytes that a user can need: a full state and <see cref="SeenRecord.Capacity"/> seen items of 16 bytes each, 132,120.
    /// </summary>
    public const int MaxByteCount = HeaderBytes + UserState.MaxByteCount + SeenHeaderBytes + SeenRecord.Capacity * MostPerItem;

    private const int ChecksumEnd = 8;
    private const int HeaderBytes = 20;
    private const int SeenHeaderBytes = 8;
    private const int MostPerItem = 16;
    private const byte IsShown = 1;
    private const byte IsConsumed = 2;
    private const byte IsRejected = 4;

    /// <summary>The binary form of a user as of a position.</summary>
    /// <param name="position">All the user's entries up to here are in it, none behind.</param>
    /// <param name="state">Feature state.</param>
    /// <param name="seen">What was consumed, shown and rejected.</param>
    public static byte[] Write(long position, UserState state, SeenRecord seen)
    {
        var entries = seen.Entries();
        var bytes = new byte[HeaderBytes + state.ByteCount + SeenHeaderBytes + entries.Length * MostPerItem];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), state.ByteCount);
        var rest = bytes.AsSpan(HeaderBytes);
        rest = rest[state.Write(rest)..];
        WriteSeen(ref rest, entries);
        Array.Resize(ref bytes, bytes.Length - rest.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum.Add(bytes.AsSpan(ChecksumEnd)));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote and returns the position.</summary>
    /// <param name="source">The bytes, no more and no less.</param>
    /// <param name="state">Becomes the state.</param>
    /// <param name="seen">Becomes the record.</param>
    /// <exception cref="RecSysException">Another version, or damaged bytes; both targets are then undefined.</exception>
    public static long Read(ReadOnlySpan<byte> source, UserState state, SeenRecord seen)
    {
        if (source.Length < HeaderBytes) throw Damaged("it is shorter than its header");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (version != Version)
            throw new RecSysException(
                $"The stored user has format {version}, this server reads {Version}; delete it and it is built again from the event log.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Checksum.Add(source[ChecksumEnd..]))
            throw Damaged("its checksum is wrong");
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[16..]);
        var rest = source[HeaderBytes..];
        if (length < 0 || length > rest.Length) throw Damaged("its state ends early");
        state.CopyFrom(UserState.Read(rest[..length]));
        ReadSeen(rest[length..], seen);
        return BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
    }

    private static void WriteSeen(ref Span<byte> target, SeenEntry[] entries)
    {
        var earliest = uint.MaxValue;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (entry.ShownSeconds > 0) earliest = Math.Min(earliest, entry.ShownSeconds);
            if (entry.ConsumedSeconds > 0) earliest = Math.Min(earliest, entry.ConsumedSeconds);
        }
        BinaryPrimitives.WriteInt32LittleEndian(target, entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], earliest);
        target = target[SeenHeaderBytes..];
        var before = -1;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            CompactForm.PutShort(ref target, (uint)(entry.Item - before));
            before = entry.Item;
            target[0] = (byte)((entry.ShownSeconds > 0 ? IsShown : 0) | (entry.ConsumedSeconds > 0 ? IsConsumed : 0)
                | (entry.Rejected ? IsRejected : 0));
            target = target[1..];
            if (entry.ShownSeconds > 0) CompactForm.PutShort(ref target, entry.ShownSeconds - earliest);
            if (entry.ConsumedSeconds > 0) CompactForm.PutShort(ref target, entry.ConsumedSeconds - earliest);
        }
    }

    private static void ReadSeen(ReadOnlySpan<byte> source, SeenRecord seen)
    {
        if (source.Length < SeenHeaderBytes) throw Damaged("its seen items are missing");
        var count = BinaryPrimitives.ReadInt32LittleEndian(source);
        var earliest = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        if (count is < 0 or > SeenRecord.Capacity) throw Damaged($"it counts {count} seen items");
        source = source[SeenHeaderBytes..];
        var entries = new SeenEntry[count];
        long item = -1;
        foreach (ref var entry in entries.AsSpan())
        {
            if (!CompactForm.TakeShort(ref source, out var step) || source.IsEmpty) throw Damaged("its seen items end early");
            item += step;
            var what = source[0];
            source = source[1..];
            uint shown = 0, consumed = 0;
            if ((what & IsShown) != 0 && !CompactForm.TakeShort(ref source, out shown)) throw Damaged("its seen items end early");
            if ((what & IsConsumed) != 0 && !CompactForm.TakeShort(ref source, out consumed)) throw Damaged("its seen items end early");
            if (step == 0 || item >= int.MaxValue) throw Damaged("its seen items are out of order");
            entry = new SeenEntry
            {
                Key = (int)item + 1,
                ShownSeconds = (what & IsShown) != 0 ? earliest + shown : 0,
                ConsumedSeconds = (what & IsConsumed) != 0 ? earliest + consumed : 0,
                Rejected = (what & IsRejected) != 0,
            };
        }
        seen.Restore(entries);
    }

    private static RecSysException Damaged(string why) =>
        new($"The stored user is damaged: {why}. Delete it and it is built again from the event log.");
}
