using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <content>
/// Binary form, little-endian, at most 1,024 bytes: u16 version, u16 checksum of everything behind it, u8 counts of recent items, seen
/// items, categories and creators, then the counters, the recent items (i32), the seen items, the category cells and the creator cells.
/// Only used entries are written. </content>
public sealed partial class UserState
{
    /// <summary>Raised whenever the binary form changes; other versions are refused and the state is folded again from the log.</summary>
    public const ushort FormatVersion = 4;

    /// <summary>Most bytes that <see cref="Write(Span{byte})"/> can need.</summary>
    public const int MaxByteCount = 1024;

    private const int ChecksumEnd = 4;
    private const int HeaderBytes = 8;

    /// <summary>Bytes that <see cref="Write(Span{byte})"/> needs.</summary>
    public int ByteCount => HeaderBytes + Unsafe.SizeOf<UserCounters>() + sizeof(int) * recentCount + Unsafe.SizeOf<SeenItem>() * Seen.Count
        + Unsafe.SizeOf<AffinityCell>() * (Categories.Count + Creators.Count);

    /// <summary>Writes the binary form and returns its length.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than <see cref="ByteCount"/>.</exception>
    public int Write(Span<byte> target)
    {
        var length = ByteCount;
        if (target.Length < length)
            throw new ArgumentException($"The state needs {length} bytes, the target has {target.Length}.", nameof(target));
        BinaryPrimitives.WriteUInt16LittleEndian(target, FormatVersion);
        (target[4], target[5], target[6], target[7]) = ((byte)recentCount, (byte)Seen.Count, (byte)Categories.Count, (byte)Creators.Count);
        var rest = target[HeaderBytes..];
        CompactForm.Put(ref rest, new ReadOnlySpan<UserCounters>(ref Counters));
        CompactForm.Put(ref rest, RecentItems);
        CompactForm.Put(ref rest, Seen.Cells);
        CompactForm.Put(ref rest, Categories.Cells);
        CompactForm.Put(ref rest, Creators.Cells);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], CompactForm.Checksum(target[ChecksumEnd..length]));
        return length;
    }

    /// <summary>Reads what <see cref="Write(Span{byte})"/> wrote; bytes behind the form are ignored.</summary>
    /// <exception cref="RecSysException">Another version, or damaged bytes.</exception>
    public static UserState Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderBytes) throw Damaged("it is shorter than its header");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (version != FormatVersion)
            throw new RecSysException($"The stored user state has format {version}, this server reads {FormatVersion}; delete it and it "
                + "is built again from the event log.");
        var state = new UserState();
        int recentItems = source[4], seen = source[5], categories = source[6], creators = source[7];
        if (recentItems > RecentCapacity || seen > SeenItems.Capacity || categories > state.Categories.Capacity
            || creators > state.Creators.Capacity)
            throw Damaged("it counts more than a state holds");
        var rest = source[HeaderBytes..];
        state.Counters = Take<UserCounters>(ref rest, 1)[0];
        state.recent = Take<int>(ref rest, recentItems);
        state.recentCount = recentItems;
        state.Seen.Restore(Take<SeenItem>(ref rest, seen));
        state.Categories.Restore(Take<AffinityCell>(ref rest, categories));
        state.Creators.Restore(Take<AffinityCell>(ref rest, creators));
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[2..]) != CompactForm.Checksum(source[ChecksumEnd..^rest.Length]))
            throw Damaged("its checksum is wrong");
        if (state.RecentItems.ContainsAnyInRange(int.MinValue, -1)) throw Damaged("it holds a negative item ordinal");
        return state;
    }

    /// <summary>A deep copy, to compute on while the original goes on changing.</summary>
    public UserState Copy()
    {
        var copy = new UserState();
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Becomes equal to another state; allocates only to grow.</summary>
    public void CopyFrom(UserState other)
    {
        Counters = other.Counters;
        Categories.CopyFrom(in other.Categories);
        Creators.CopyFrom(in other.Creators);
        Seen.CopyFrom(in other.Seen);
        if (recent.Length < other.recentCount) recent = new int[other.recent.Length];
        other.RecentItems.CopyTo(recent);
        recentCount = other.recentCount;
        profile = other.profile;
    }

    /// <summary>Becomes the state of a user without events.</summary>
    public void Clear() => CopyFrom(Nobody);

    private static T[] Take<T>(ref ReadOnlySpan<byte> source, int count) where T : unmanaged =>
        CompactForm.Take<T>(ref source, count) ?? throw Damaged("it ends early");

    private static RecSysException Damaged(string why) =>
        new($"The stored user state is damaged: {why}. Delete it and it is built again from the event log.");
}
