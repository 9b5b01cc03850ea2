using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Users as they were at an earlier position of the log: folded again from the entries of their own, with the contributions that were
/// recorded then. Costs what one user has done, whatever happened beside. Content of items (category, price, creator) is taken as it is
/// now.
/// </summary>
/// <param name="archive">Knows the entries.</param>
public sealed class PastUsers(IUserArchive archive)
{
    private const int MostNames = 100;

    /// <summary>Folds a user again.</summary>
    /// <param name="userId">The user, by any of its ids.</param>
    /// <param name="position">Position of the last entry that counts, of the present epoch.</param>
    /// <param name="features">Knows the items.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The user, that of nobody where the log had nothing of it then; null where the contribution of an entry is not recorded
    /// yet.</returns>
    public async Task<UserCopy?> FindAsync(string userId, long position, FeatureState features, CancellationToken cancellationToken)
    {
        var entries = await archive.ReadEntriesAsync(userId, position, cancellationToken);
        // Who had become another user by then is that one.
        for (var names = 0; names < MostNames && Next(entries, userId) is { } into; names++)
        {
            userId = into;
            entries = await archive.ReadEntriesAsync(userId, position, cancellationToken);
        }
        var users = new UserTable(new NoUserStates(), int.MaxValue, storeIsEmpty: true);
        var fold = new UserFold(users);
        foreach (var entry in entries)
        {
            if (!Fold(users, fold, entry, features)) return null;
        }
        var copy = new UserCopy();
        if (users.Find(userId) is { } user) copy.Take(user);
        return copy;
    }

    private static string? Next(IReadOnlyList<LogEntry> entries, string userId)
    {
        for (var at = entries.Count - 1; at >= 0; at--)
        {
            if (entries[at].Change is UserMerge merge && merge.From == userId && merge.Into != userId) return merge.Into;
        }
        return null;
    }

    private static bool Fold(UserTable users, UserFold fold, LogEntry entry, FeatureState features)
    {
        switch (entry.Change)
        {
            case EventChange change when entry.Item >= 0 && !string.IsNullOrEmpty(change.Event.UserId):
                if (entry.Contribution is not { } contribution) return false;
                var compact = LogEvents.Of(change.Event, -1, entry.Item, entry.FoldMs);
                var user = users.FindOrAdd(change.Event.UserId);
                fold.Apply(
                    ref user, change.Event.RequestId, in compact, in features.Facts[compact.Item], in contribution, entry.Position);
                break;
            case UserPut put:
                fold.Put(put.User, entry.Position);
                break;
            case UserMerge merge:
                UserMerges.Apply(users, [], merge, entry.Position);
                break;
            case UserErasure erasure:
                fold.Erase(erasure.UserId, [], entry.Position);
                break;
            case ListShown shown:
                fold.Show(shown, entry.Position);
                break;
        }
        return true;
    }
}
