using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Items, users and merges as the entries of the lake leave them: the rules of the database's tables, for entries in their order of which
/// those of erased users are left out: where one of them had handed a profile on, that of another visitor of the same user may stand in its
/// place.
/// </summary>
internal sealed partial class LakeContents
{
    private readonly Dictionary<string, (long Number, User User)> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> merged = new(StringComparer.Ordinal);
    private long stored;

    internal ItemCatalog Items { get; }

    /// <summary>Users with a profile in the order they were first stored.</summary>
    internal List<User> ListUsers() => [.. users.Values.OrderBy(each => each.Number).Select(each => each.User)];

    internal void Apply(LogEntry entry)
    {
        switch (entry.Change)
        {
            case ItemPut put:
                Items.Put(entry.Item, put.Item);
                break;
            case ItemRemoval:
                Items.Remove(entry.Item);
                break;
            case UserPut { User: { Id.Length: > 0 } user }:
                users[user.Id] = (users.TryGetValue(user.Id, out var before) ? before.Number : ++stored, user);
                break;
            case UserMerge { From.Length: > 0 } merge:
                Merge(merge);
                break;
        }
    }

    // The profile goes where history goes, unless there is one.
    private void Merge(UserMerge merge)
    {
        var (from, into) = (WhoIs(merge.From), WhoIs(merge.Into));
        if (from == into) return;
        merged[from] = merge.Into;
        if (users.Remove(from, out var profile)) users.TryAdd(into, (profile.Number, profile.User with { Id = into }));
    }

    /// <summary>Whom the merges so far have made of a user; the id itself where there were none.</summary>
    internal string WhoIs(string id)
    {
        while (merged.TryGetValue(id, out var next)) id = next;
        return id;
    }
}
