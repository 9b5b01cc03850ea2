using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// What a merge of two users does: history, seen items and shown lists of the first become the second's, and from then on the first id is
/// another name of the second. Chains are followed; a merge of a user into itself, by whatever chain, changes nothing.
/// </summary>
internal static class UserMerges
{
    public static void Apply(UserTable users, IReadOnlyList<IEventFold> folds, UserMerge merge, long position)
    {
        if (string.IsNullOrEmpty(merge.From) || string.IsNullOrEmpty(merge.Into)) return;
        while (true)
        {
            var (from, into) = (users.FindOrAdd(merge.From), users.FindOrAdd(merge.Into));
            if (ReferenceEquals(from, into))
            {
                Repeat(users, folds, merge, into, position);
                return;
            }
            // Only the tail takes two locks.
            lock (from)
            {
                lock (into)
                {
                    if (from.Evicted || into.Evicted) continue;
                    Move(users, from, into, position);
                }
            }
            Tell(folds, from, into);
            return;
        }
    }

    // A user ahead of the log, read from the store, has the merge already; the folds, which are not ahead, have not.
    private static void Repeat(UserTable users, IReadOnlyList<IEventFold> folds, UserMerge merge, LiveUser into, long position)
    {
        var from = users.FindOrAddItself(merge.From);
        if (from.MergedInto is not null && from.Position == position) Tell(folds, from, into);
    }

    private static void Move(UserTable users, LiveUser from, LiveUser into, long position)
    {
        if (into.Position < position)
        {
            users.Change(into);
            if (!from.Erased && from.Position < position)
            {
                into.State.Merge(from.State);
                into.Seen.Merge(from.Seen);
                foreach (var list in from.Lists.All) into.Lists.Add(list);
                into.Profile ??= from.Profile is { } profile ? profile with { Id = into.Id } : null;
            }
            (into.Position, into.Erased) = (position, false);
        }
        if (from.Position >= position) return;
        users.Change(from);
        (from.MergedInto, from.Profile, from.Position, from.Erased) = (into.Id, null, position, false);
        from.State.Clear();
        from.Seen.Clear();
        from.Lists.Restore([]);
    }

    private static void Tell(IReadOnlyList<IEventFold> folds, LiveUser from, LiveUser into)
    {
        var (before, after) = (new FoldUser(from.Key, null), new FoldUser(into.Key, into.Profile));
        foreach (var fold in folds) fold.Merge(in before, in after);
    }
}
