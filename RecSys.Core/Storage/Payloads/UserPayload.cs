using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>The stored form of a user without the id; equal users have equal bytes.</summary>
internal static class UserPayload
{
    private const byte Newest = 1;

    internal static void Write(PayloadWriter writer, User user)
    {
        writer.Byte(Newest);
        writer.Text(user.Gender);
        writer.Text(user.Location);
        writer.Signed(user.Age ?? -1);
        writer.Byte(user.CreatedAt is null ? (byte)0 : (byte)1);
        if (user.CreatedAt is { } created) writer.Signed(created.ToUnixTimeMilliseconds());
        MapPayload.Write(writer, user.Attributes);
    }

    internal static User Read(string id, ReadOnlySpan<byte> bytes, SharedTexts shared)
    {
        var reader = new PayloadReader(bytes);
        reader.Version(Newest);
        var user = new User
        {
            Id = id,
            Gender = reader.TryUtf8(out var gender) ? shared.Of(gender) : null,
            Location = reader.TryUtf8(out var location) ? shared.Of(location) : null,
            Age = reader.Signed() is >= 0 and var age ? (int)age : null,
            CreatedAt = reader.Byte() == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.Signed()),
        };
        return MapPayload.Read(ref reader, shared) is { } attributes ? user with { Attributes = attributes } : user;
    }
}
