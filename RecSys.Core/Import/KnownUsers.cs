using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Who has a profile: a hash of 64 bits for each, so that ten million take some hundred megabytes.</summary>
internal sealed class KnownUsers
{
    private readonly HashSet<ulong> hashes;

    private KnownUsers(HashSet<ulong> hashes) => this.hashes = hashes;

    /// <summary>True when nobody has one, so that nobody's is missing.</summary>
    internal bool IsEmpty => hashes.Count == 0;

    internal bool Contains(string id) => hashes.Contains(StableHash.Of(id));

    internal static async Task<KnownUsers> ReadAsync(ILogContents contents, CancellationToken ct)
    {
        var hashes = new HashSet<ulong>();
        if ((await contents.CountAsync(ct)).Users == 0) return new KnownUsers(hashes);
        await foreach (var stored in contents.ReadUsersAsync(ct)) hashes.Add(StableHash.Of(stored.User.Id));
        return new KnownUsers(hashes);
    }
}
