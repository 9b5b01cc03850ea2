using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <content>
/// Binary form, little-endian: u16 version, u16 size of the counters, u8 counts of recent items, seen items, categories and creators, then the
/// counters, the recent items (i32), the seen items (i32), their cells, the category cells and the creator cells. Only used entries are written.
/// </content>
public sealed partial class UserState
{
    /// <summary>Raised whenever the binary form changes; other versions are refused and the state is folded again from the log.</summary>
    public const ushort FormatVersion = 3;

    private const int HeaderBytes = 8;

    /// <summary>Bytes that <see cref="Write(Span{byte})"/> needs.</summary>
    public int ByteCount => HeaderBytes + Unsafe.SizeOf<UserCounters>() + 4 * (recentCount + Seen.Count) + Unsafe.SizeOf<SeenItem>() * Seen.Count
        + Unsafe.SizeOf<AffinityCell>() * (Categories.Count + Creators.Count);

    /// <summary>Writes the binary form and returns its length.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than <see cref="ByteCount"/>.</exception>
    public int Write(Span<byte> target)
    {
        var length = ByteCount;
        if (target.Length < length) throw new ArgumentException($"The state needs {length} bytes, the target has {target.Length}.", nameof(target));
        BinaryPrimitives.WriteUInt16LittleEndian(target, FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)Unsafe.SizeOf<UserCounters>());
        (target[4], target[5], target[6], target[7]) = ((byte)recentCount, (byte)Seen.Count, (byte)Categories.Count, (byte)Creators.Count);
        var rest = target[HeaderBytes..];
        Put(ref rest, new ReadOnlySpan<UserCounters>(ref Counters));
        Put(ref rest, RecentItems);
        Put(ref rest, Seen.Items);
        Put(ref rest, Seen.Cells);
        Put(ref rest, Categories.Cells);
        Put(ref rest, Creators.Cells);
        return length;
    }

    /// <summary>Reads what <see cref="Write(Span{byte})"/> wrote; bytes behind the form are ignored.</summary>
    /// <exception cref="RecSysException">Another version, or damaged bytes.</exception>
    public static UserState Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderBytes) throw Damaged("it is shorter than its header");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (version != FormatVersion || BinaryPrimitives.ReadUInt16LittleEndian(source[2..]) != Unsafe.SizeOf<UserCounters>())
            throw new RecSysException($"The stored user state has format {version}, this server reads {FormatVersion}; delete it and it is built again from the event log.");
        int recentItems = source[4], seen = source[5], categories = source[6], creators = source[7];
        if (recentItems > RecentCapacity || seen > SeenItems.Capacity) throw Damaged("it counts more items than a state holds");
        var state = new UserState();
        var rest = source[HeaderBytes..];
        state.Counters = Take<UserCounters>(ref rest, 1)[0];
        state.recent = Take<int>(ref rest, recentItems);
        if (state.recent.AsSpan().ContainsAnyInRange(int.MinValue, -1)) throw Damaged("it holds a negative item ordinal");
        state.recentCount = recentItems;
        state.Seen.Restore(Take<int>(ref rest, seen), Take<SeenItem>(ref rest, seen));
        state.Categories.Restore(Take<AffinityCell>(ref rest, categories));
        state.Creators.Restore(Take<AffinityCell>(ref rest, creators));
        return state;
    }

    /// <summary>A deep copy, to compute on while the original goes on changing.</summary>
    public UserState Copy()
    {
        Span<byte> buffer = stackalloc byte[4096];
        return Read(buffer[..Write(buffer)]);
    }

    private static void Put<T>(scoped ref Span<byte> target, scoped ReadOnlySpan<T> values) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(target);
        target = target[bytes.Length..];
    }

    private static T[] Take<T>(ref ReadOnlySpan<byte> source, int count) where T : unmanaged
    {
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (source.Length < bytes.Length) throw Damaged("it ends early");
        source[..bytes.Length].CopyTo(bytes);
        source = source[bytes.Length..];
        return values;
    }

    private static RecSysException Damaged(string why) =>
        new($"The stored user state is damaged: {why}. Delete it and it is built again from the event log.");
}
