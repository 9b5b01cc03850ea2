using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>
/// Binary form of a <see cref="LiveUser"/>, little-endian: u32 version, u32 CRC-32C of everything behind it, i64 position, the id that it
/// was merged into, the profile as JSON, the hashes of shown lists, and the user's fold in the form of <see cref="UserRecordFormat"/>.
/// Texts and blocks have their length before them.
/// </summary>
internal static class UserImage
{
    /// <summary>Raised whenever the form changes, those inside it included; others are refused.</summary>
    public const int FormatVersion = 1 << 16 | UserRecordFormat.Version << 8 | UserState.FormatVersion;

    private const int HeaderBytes = 8;

    /// <summary>The image, or an empty one of an erased user, who is to be forgotten. Take the user's lock.</summary>
    public static byte[] Write(LiveUser user)
    {
        if (user.Erased) return [];
        using var buffer = new MemoryStream(1024);
        using var writer = new BinaryWriter(buffer);
        writer.Write(0L);
        writer.Write(user.Position);
        writer.Write(user.MergedInto ?? "");
        var profile = user.Profile is null ? [] : JsonSerializer.SerializeToUtf8Bytes(user.Profile);
        writer.Write7BitEncodedInt(profile.Length);
        writer.Write(profile);
        writer.Write((byte)user.Lists.All.Length);
        foreach (var list in user.Lists.All) writer.Write(list);
        writer.Write(UserRecordFormat.Write(user.Position, user.State, user.Seen));
        var image = buffer.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(image, FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(4), Checksum.Add(image.AsSpan(HeaderBytes)));
        return image;
    }

    /// <summary>The position that an image is of.</summary>
    public static long PositionOf(ReadOnlySpan<byte> image) => BinaryPrimitives.ReadInt64LittleEndian(image[HeaderBytes..]);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="RecSysException">Another version, or damaged bytes.</exception>
    public static LiveUser Read(string id, byte[] image)
    {
        if (image.Length < HeaderBytes) throw Damaged();
        var version = BinaryPrimitives.ReadInt32LittleEndian(image);
        if (version != FormatVersion)
            throw new RecSysException($"A stored user has form {version}, this server reads {FormatVersion}; delete the folder of "
                + "state snapshots, and users are folded from the log.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(4)) != Checksum.Add(image.AsSpan(HeaderBytes))) throw Damaged();
        using var reader = new BinaryReader(new MemoryStream(image, HeaderBytes, image.Length - HeaderBytes), Encoding.UTF8);
        try
        {
            var user = new LiveUser(id) { Position = reader.ReadInt64(), MergedInto = reader.ReadString() is { Length: > 0 } into
                ? into : null };
            if (reader.Read7BitEncodedInt() is > 0 and var profile)
                user.Profile = JsonSerializer.Deserialize<User>(reader.ReadBytes(profile));
            var lists = new ulong[reader.ReadByte()];
            for (var i = 0; i < lists.Length; i++) lists[i] = reader.ReadUInt64();
            user.Lists.Restore(lists);
            UserRecordFormat.Read(image.AsSpan(HeaderBytes + (int)reader.BaseStream.Position), user.State, user.Seen);
            return user;
        }
        catch (Exception exception) when (exception is EndOfStreamException or JsonException or FormatException)
        {
            throw Damaged();
        }
    }

    private static RecSysException Damaged() =>
        new("A stored user is damaged; delete the folder of state snapshots, and users are folded from the log.");
}
