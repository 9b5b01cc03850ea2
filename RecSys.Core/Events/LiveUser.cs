using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>One user in memory. Everything that changes is read and written under its lock; only the tail changes users.</summary>
internal sealed class LiveUser(string id)
{
    public string Id { get; } = id;

    /// <summary>Stands for the user in folds.</summary>
    public ulong Key { get; } = Math.Max(1, StableHash.Of(id));

    /// <summary>Whose history this one's has become; null for a user of its own.</summary>
    public string? MergedInto { get; set; }

    /// <summary>True once the user was erased: nothing is known.</summary>
    public bool Erased { get; set; }

    /// <summary>Stored profile; null when there is none.</summary>
    public User? Profile { get; set; }

    public UserState State { get; } = new();
    public SeenRecord Seen { get; } = new();
    public ShownLists Lists { get; } = new();

    /// <summary>All entries of the user up to here are in it.</summary>
    public long Position { get; set; }

    /// <summary>Generation of <see cref="UserTable"/> in which it was changed last; 0 for never.</summary>
    public int ChangedIn { get; set; }

    /// <summary>Generation of the last snapshot that it was written to.</summary>
    public int WrittenIn { get; set; }

    /// <summary>Generation of the last change that the store has.</summary>
    public int StoredIn { get; set; }

    /// <summary>The image that the snapshot in the making wants, where the user changed since.</summary>
    public byte[]? Before { get; set; }

    /// <summary>True once it is no longer in the table: whoever still holds it must look again.</summary>
    public bool Evicted { get; set; }

    /// <summary>True when somebody asked for it since the eviction hand came by.</summary>
    public bool Used { get; set; } = true;
}
