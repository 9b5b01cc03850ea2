using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>
/// What entries of the log do to a user, under the user's lock. A user that is ahead of an entry, because the store had it from a later
/// moment, does not take it again. Of the folding thread.
/// </summary>
internal sealed class UserFold(UserTable users)
{
    /// <summary>An event of the user.</summary>
    /// <param name="user">Gets the user's present object, should the given one have left memory.</param>
    /// <param name="requestId">The reply that showed the item; null where none did.</param>
    /// <param name="compact">The event.</param>
    /// <param name="facts">Of its item.</param>
    /// <param name="contribution">What it contributes to the user.</param>
    /// <param name="at">Its position.</param>
    public void Apply(
        ref LiveUser user, string? requestId, in LogEvent compact, in ItemFacts facts, in Contribution contribution, long at)
    {
        while (true)
        {
            lock (user)
            {
                if (!user.Evicted)
                {
                    if (user.Position >= at) return;
                    users.Change(user);
                    user.State.Apply(in compact, in facts, in contribution);
                    See(user, requestId, in compact);
                    (user.Position, user.Erased) = (at, false);
                    return;
                }
            }
            user = users.FindOrAdd(user.Id);
        }
    }

    /// <summary>A profile, which is that of whom the user was merged into.</summary>
    public void Put(User profile, long at) => Change(profile.Id, at, profile, static (user, profile) =>
        (user.Profile, user.Erased) = (profile.Id == user.Id ? profile : profile with { Id = user.Id }, false));

    /// <summary>A list counts as shown.</summary>
    public void Show(ListShown shown, long at) => Change(shown.UserId, at, shown, static (user, list) =>
    {
        user.Lists.Add(StableHash.Of(list.RequestId));
        foreach (var item in list.Items) user.Seen.Shown(item, list.ServedAt.ToUnixTimeMilliseconds());
    });

    /// <summary>The user is forgotten, here and in the other folds.</summary>
    public void Erase(string id, IReadOnlyList<IEventFold> folds, long at)
    {
        var subject = new FoldUser(users.FindOrAddItself(id).Key, null);
        foreach (var fold in folds) fold.Erase(in subject);
        while (true)
        {
            var user = users.FindOrAddItself(id);
            lock (user)
            {
                // Who asks next would read from the store what was erased in an object that nobody finds any more.
                if (user.Evicted) continue;
                if (user.Position >= at) return;
                users.Change(user);
                (user.Profile, user.MergedInto, user.Position, user.Erased) = (null, null, at, true);
                user.State.Clear();
                user.Seen.Clear();
                user.Lists.Restore([]);
                return;
            }
        }
    }

    // Served is not seen: only what was reported, or counted as shown, and what was consumed.
    private static void See(LiveUser user, string? requestId, in LogEvent compact)
    {
        // An impression of a list that counts as shown already does not count again.
        if (compact is { IsImpression: true, Meaning: EventMeaning.Neutral } && requestId is { } request
            && user.Lists.Contains(StableHash.Of(request)))
            return;
        user.Seen.Apply(in compact);
    }

    private void Change<T>(string id, long at, T with, Action<LiveUser, T> change)
    {
        if (string.IsNullOrEmpty(id)) return;
        while (true)
        {
            var user = users.FindOrAdd(id);
            lock (user)
            {
                if (user.Evicted) continue;
                if (user.Position >= at) return;
                users.Change(user);
                change(user, with);
                user.Position = at;
                return;
            }
        }
    }
}
