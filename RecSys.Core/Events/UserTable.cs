using System.Collections.Concurrent;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Users in memory, at most so many: further ones lie in the store and are read when somebody asks. Whom nobody asked for longest makes
/// room, unless the store lacks the last change; the store gets changes with each snapshot and never before, so that it is not ahead of
/// what a restart begins with.
/// <para>The tail changes users, any thread reads them; each has a lock of its own.</para>
/// </summary>
#pragma warning disable CA1001 // Given away: whoever writes the frozen part disposes of it.
internal sealed class UserTable
#pragma warning restore CA1001
{
    private readonly ConcurrentDictionary<string, LiveUser> users = new(StringComparer.Ordinal);
    private readonly IUserStateStore store;
    private readonly int most;
    private readonly Lock[] loading = new Lock[64];

    // Users in the order that the eviction hand goes by.
    private readonly Lock ringGate = new();
    private readonly List<LiveUser> ring = [];
    private int hand;
    private bool storeIsEmpty;

    // Of the tail alone. Changes of the current generation are in the next snapshot, those of the one before perhaps in one that is being
    // written.
    private List<LiveUser> changed = [];
    private FrozenUsers? frozen;
    private int generation = 1;

    /// <param name="store">Where users lie that are not in memory.</param>
    /// <param name="most">Most users in memory.</param>
    /// <param name="storeIsEmpty">True when there is nothing to be found in the store.</param>
    public UserTable(IUserStateStore store, int most, bool storeIsEmpty)
    {
        (this.store, this.most, this.storeIsEmpty) = (store, most, storeIsEmpty);
        for (var i = 0; i < loading.Length; i++) loading[i] = new Lock();
    }

    /// <summary>Users in memory.</summary>
    public int Count => users.Count;

    /// <summary>Users that cannot make room until a snapshot is written.</summary>
    public int Changed => changed.Count + (frozen is { IsOpen: true } open ? open.Count : 0);

    /// <summary>True when a snapshot is due because of the users that it would let go.</summary>
    public bool IsHalfChanged => changed.Count >= most / 2;

    /// <summary>True when the tail must wait for a snapshot, or memory would grow beyond the bound.</summary>
    public bool IsFull => Changed >= most;

    /// <summary>Ids of users in memory, in no particular order.</summary>
    public IEnumerable<string> Ids => users.Select(entry => entry.Key);

    /// <summary>
    /// The user itself, or the one that it was merged into; null when nothing is known. Take its lock, and look again when it is evicted.
    /// </summary>
    public LiveUser? Find(string id)
    {
        var user = FindOne(id, add: false);
        // A chain is as long as people log in from one anonymous id to another; a ring cannot come into being.
        for (var hops = 0; user?.MergedInto is { } into && hops < 100; hops++) user = FindOne(into, add: true);
        return user;
    }

    /// <summary>True when the user is in memory and was erased, or the one that it was merged into was; the store is not asked.</summary>
    public bool IsErased(string id)
    {
        for (var hops = 0; hops < 100 && users.TryGetValue(id, out var user); hops++)
        {
            if (user.MergedInto is not { } into) return user.Erased;
            id = into;
        }
        return false;
    }

    /// <summary>As <see cref="Find"/>; an unknown user is added. For the tail.</summary>
    public LiveUser FindOrAdd(string id)
    {
        var user = FindOne(id, add: true)!;
        for (var hops = 0; user.MergedInto is { } into && hops < 100; hops++) user = FindOne(into, add: true)!;
        return user;
    }

    /// <summary>The user of this very id, merged or not; added when unknown. For the tail.</summary>
    public LiveUser FindOrAddItself(string id) => FindOne(id, add: true)!;

    /// <summary>Call under the user's lock before changing it: keeps what a snapshot in the making still wants. For the tail.</summary>
    public void Change(LiveUser user)
    {
        if (user.ChangedIn == generation) return;
        if (frozen is { IsOpen: true } && user.ChangedIn == frozen.Generation && user.WrittenIn < frozen.Generation)
            user.Before = UserImage.Write(user);
        user.ChangedIn = generation;
        changed.Add(user);
    }

    /// <summary>The users changed since the last freeze, as they are now, for a snapshot. For the tail; one at a time.</summary>
    public FrozenUsers Freeze()
    {
        if (frozen is { IsOpen: true }) throw new InvalidOperationException("A snapshot of users is being written.");
        // What a failed snapshot left is due again.
        if (frozen is { IsStored: false } failed)
        {
            foreach (var user in failed.Users)
            {
                lock (user)
                {
                    user.Before = null;
                    if (user.ChangedIn == generation) continue;
                    user.ChangedIn = generation;
                }
                changed.Add(user);
            }
        }
        frozen = new FrozenUsers(changed, generation, this);
        changed = [];
        generation++;
        return frozen;
    }

    /// <summary>The store has users from now on.</summary>
    public void StoreIsFilled() => Volatile.Write(ref storeIsEmpty, false);

    private LiveUser? FindOne(string id, bool add)
    {
        if (users.TryGetValue(id, out var known))
        {
            known.Used = true;
            return known;
        }
        // Held over the reading, so that nobody enters an image that was read before the tail changed and stored the user.
        lock (loading[(uint)string.GetHashCode(id) % loading.Length])
        {
            if (users.TryGetValue(id, out known)) return known;
            var user = Volatile.Read(ref storeIsEmpty) || store.Find(id) is not { } stored ? null : UserImage.Read(id, stored.State);
            if (user is null && !add) return null;
            user ??= new LiveUser(id);
            lock (ringGate)
            {
                MakeRoom();
                ring.Add(user);
                users[id] = user;
            }
            return user;
        }
    }

    // Two go for each that comes, while there are too many. The bound is passed for as long as nobody can go; the tail waits for a snapshot
    // then.
    private void MakeRoom()
    {
        var looked = 0;
        for (var gone = 0; ring.Count >= most && gone < 2 && looked < 2 * ring.Count; looked++)
        {
            if (hand >= ring.Count) hand = 0;
            var candidate = ring[hand];
            if (candidate.Used)
            {
                candidate.Used = false;
                hand++;
                continue;
            }
            lock (candidate)
            {
                if (candidate.StoredIn < candidate.ChangedIn)
                {
                    hand++;
                    continue;
                }
                candidate.Evicted = true;
            }
            users.TryRemove(candidate.Id, out _);
            ring[hand] = ring[^1];
            ring.RemoveAt(ring.Count - 1);
            gone++;
        }
    }
}
