using System.Buffers.Binary;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>
/// Binary form of a <see cref="LiveUser"/>, little-endian: u16 version, u16 checksum of the rest, i64 position, the id that it was merged into, the profile as JSON, the feature
/// state, the hashes of shown lists, and the seen items in ascending order (i32 number, u32 shown, u32 consumed, u8 rejected). Texts and blocks have their length before them.
/// </summary>
internal static class UserImage
{
    /// <summary>Raised whenever the form changes, that of <see cref="UserState"/> included; others are refused.</summary>
    public const int FormatVersion = 1 << 8 | UserState.FormatVersion;

    private const int HeaderBytes = 4;

    /// <summary>The image, or an empty one of an erased user, who is to be forgotten. Take the user's lock.</summary>
    public static byte[] Write(LiveUser user)
    {
        if (user.Erased) return [];
        using var buffer = new MemoryStream(512);
        using var writer = new BinaryWriter(buffer);
        writer.Write(0);
        writer.Write(user.Position);
        writer.Write(user.MergedInto ?? "");
        var profile = user.Profile is null ? [] : JsonSerializer.SerializeToUtf8Bytes(user.Profile);
        writer.Write7BitEncodedInt(profile.Length);
        writer.Write(profile);
        Span<byte> state = stackalloc byte[UserState.MaxByteCount];
        var length = user.State.Write(state);
        writer.Write((ushort)length);
        writer.Write(state[..length]);
        writer.Write((byte)user.Lists.All.Length);
        foreach (var list in user.Lists.All) writer.Write(list);
        var seen = user.Seen.Entries();
        writer.Write7BitEncodedInt(seen.Length);
        foreach (ref readonly var entry in seen.AsSpan())
        {
            writer.Write(entry.Item);
            writer.Write(entry.ShownSeconds);
            writer.Write(entry.ConsumedSeconds);
            writer.Write(entry.Rejected);
        }
        var image = buffer.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(image, FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(2), CompactForm.Checksum(image.AsSpan(HeaderBytes)));
        return image;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="RecSysException">Another version, or damaged bytes.</exception>
    public static LiveUser Read(string id, byte[] image)
    {
        if (image.Length < HeaderBytes) throw Damaged();
        var version = BinaryPrimitives.ReadUInt16LittleEndian(image);
        if (version != FormatVersion) throw new RecSysException($"A stored user has format {version}, this server reads {FormatVersion}; delete the snapshots, and users are folded from the log.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(2)) != CompactForm.Checksum(image.AsSpan(HeaderBytes))) throw Damaged();
        using var reader = new BinaryReader(new MemoryStream(image, HeaderBytes, image.Length - HeaderBytes));
        try
        {
            var user = new LiveUser(id) { Position = reader.ReadInt64(), MergedInto = reader.ReadString() is { Length: > 0 } into ? into : null };
            if (reader.Read7BitEncodedInt() is > 0 and var profile) user.Profile = JsonSerializer.Deserialize<User>(reader.ReadBytes(profile));
            user.State = UserState.Read(reader.ReadBytes(reader.ReadUInt16()));
            var lists = new ulong[reader.ReadByte()];
            for (var i = 0; i < lists.Length; i++) lists[i] = reader.ReadUInt64();
            user.Lists.Restore(lists);
            var seen = new SeenEntry[reader.Read7BitEncodedInt()];
            for (var i = 0; i < seen.Length; i++)
                seen[i] = new SeenEntry { Key = reader.ReadInt32() + 1, ShownSeconds = reader.ReadUInt32(), ConsumedSeconds = reader.ReadUInt32(), Rejected = reader.ReadBoolean() };
            user.Seen.Restore(seen);
            return user;
        }
        catch (Exception exception) when (exception is EndOfStreamException or JsonException or FormatException)
        {
            throw Damaged();
        }
    }

    private static RecSysException Damaged() => new("A stored user is damaged; delete the snapshots, and users are folded from the log.");
}
