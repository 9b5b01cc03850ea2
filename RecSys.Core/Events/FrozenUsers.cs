using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The users that changed between two snapshots, as they were at the second: written to the snapshot first, and to the store when it
/// stands.
/// </summary>
internal sealed class FrozenUsers(List<LiveUser> users, int generation, UserTable table) : IFrozenPart
{
    private const int Batch = 2000;
    private volatile bool open = true;
    private volatile bool stored;

    public string Name => SnapshotParts.Users;
    public int FormatVersion => UserImage.FormatVersion;
    public IReadOnlyList<LiveUser> Users => users;
    public int Count => users.Count;
    public int Generation => generation;

    /// <summary>True until the snapshot is done or given up.</summary>
    public bool IsOpen => open;

    /// <summary>True once the store has all of them.</summary>
    public bool IsStored => stored;

    public void Write(Stream to)
    {
        using var writer = new BinaryWriter(to, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(users.Count);
        foreach (var user in users)
        {
            byte[] image;
            long position;
            lock (user)
            {
                image = user.Before ?? UserImage.Write(user);
                user.Before = null;
                user.WrittenIn = generation;
                position = user.Position;
            }
            writer.Write(user.Id);
            // Of an image from before a later change this is that of the image.
            writer.Write(image.Length > 0 ? UserImage.PositionOf(image) : position);
            writer.Write(image.Length);
            writer.Write(image);
        }
    }

    /// <summary>Stores what <see cref="Write"/> wrote; more than once does no harm.</summary>
    public static async Task StoreAsync(Stream from, IUserStateStore store, CancellationToken ct)
    {
        using var reader = new BinaryReader(from, System.Text.Encoding.UTF8, leaveOpen: true);
        var states = new List<StoredUserState>(Batch);
        var gone = new List<string>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (id, position, length) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt32());
            if (length == 0) gone.Add(id);
            else states.Add(new StoredUserState(id, position, reader.ReadBytes(length)));
            if (states.Count < Batch && left > 1) continue;
            await store.SaveAsync(states, ct);
            states.Clear();
        }
        if (states.Count > 0) await store.SaveAsync(states, ct);
        if (gone.Count > 0) await store.DeleteAsync(gone, ct);
    }

    /// <summary>The store has them: those that did not change since may leave the memory.</summary>
    public void MarkStored()
    {
        table.StoreIsFilled();
        foreach (var user in users)
        {
            lock (user) user.StoredIn = Math.Max(user.StoredIn, generation);
        }
        stored = true;
    }

    public void Dispose() => open = false;
}
