using System.Collections.Concurrent;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>
/// The fold over the event log that serving reads: the catalogue, item and global counters, and the state of every user.
/// One writer at a time; readers take the user's gate for user state and read item counters without a lock.
/// </summary>
public sealed class LiveState
{
    private readonly ConcurrentDictionary<string, LiveUser> users = new(StringComparer.Ordinal);
    private readonly Lock writer = new();
    private readonly IEventFold[] folds;
    private long lastEventMs = long.MinValue;
    private readonly long logPosition;
    private FoldMark? mark;
    private int nextOrdinal;

    /// <summary>Folds a log: the state as of the log's end.</summary>
    /// <param name="log">All events so far, in time order.</param>
    /// <param name="folds">What else grows with the log.</param>
    /// <param name="progress">Told how far the fold is.</param>
    /// <param name="logPosition">Position of the last event of the log, for <see cref="Mark"/>.</param>
    public LiveState(InteractionLog log, IEnumerable<IEventFold>? folds = null, IProgress<WorkProgress>? progress = null, long logPosition = 0)
    {
        this.folds = [.. folds ?? []];
        this.logPosition = logPosition;
        mark = new FoldMark(logPosition, LastEventId: null);
        Catalog = log.Items;
        Features = new FeatureState(log.Items);
        var known = new LiveUser[log.Users.Count];
        for (var user = 0; user < known.Length; user++)
        {
            var profile = log.Users[user];
            known[user] = new LiveUser(profile.Id, user, profile, Features.GetOrAddUser(user));
            users[profile.Id] = known[user];
        }
        nextOrdinal = known.Length;
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            Features.Apply(events[i]);
            var user = known[events[i].User];
            user.Note(events[i]);
            foreach (var fold in this.folds) fold.Apply(user, events[i]);
            if ((i & 0xFFFF) == 0) progress?.Report(new WorkProgress("fold the event log", i, events.Length, "events"));
        }
        progress?.Report(new WorkProgress("fold the event log", events.Length, events.Length, "events"));
        if (events.Length > 0) lastEventMs = events[^1].TimeMs;
    }

    /// <summary>The catalogue.</summary>
    public ItemCatalog Catalog { get; }

    /// <summary>Item and global counters, and the user states behind <see cref="LiveUser.State"/>.</summary>
    public FeatureState Features { get; }

    /// <summary>Ids of known users, in no particular order.</summary>
    public IEnumerable<string> UserIds => users.Select(entry => entry.Key);

    /// <summary>Which events the state holds now; null while an event is being folded.</summary>
    public FoldMark? Mark => Volatile.Read(ref mark);

    /// <summary>True when no event was folded since <see cref="Mark"/> was read: what was read from the state in between belongs to it.</summary>
    public bool IsStill(FoldMark? since)
    {
        // The reads in between must not move behind the comparison.
        Interlocked.MemoryBarrier();
        return since is not null && ReferenceEquals(Mark, since);
    }

    public LiveUser? FindUser(string id) => users.GetValueOrDefault(id);

    /// <summary>
    /// The moment that features and windows refer to. On a live log this is now. A log that ended long ago (an imported data set) is
    /// served as of one day after its last event: otherwise every window would be empty and every recency out of the range that
    /// the models were trained on.
    /// </summary>
    public long FeatureTimeMs(DateTimeOffset now)
    {
        var last = Volatile.Read(ref lastEventMs);
        var nowMs = now.ToUnixTimeMilliseconds();
        return last == long.MinValue ? nowMs : Math.Min(nowMs, last + (long)TimeSpan.FromDays(1).TotalMilliseconds);
    }

    /// <summary>Folds one event that is in the durable log. Events on unknown items are ignored.</summary>
    /// <returns>False when the item is unknown.</returns>
    public bool Apply(Event e)
    {
        if (!Catalog.TryGetNumber(e.ItemId, out var item)) return false;
        lock (writer)
        {
            var user = users.TryGetValue(e.UserId, out var known) ? known : AddUser(e.UserId);
            var entry = LogEvents.Of(e, user.Ordinal, item, e.Time.ToUnixTimeMilliseconds());
            var folded = new FoldMark(logPosition, e.Id);
            Interlocked.Exchange(ref mark, null);
            lock (user.Gate)
            {
                Features.Apply(entry);
                user.Note(entry);
            }
            foreach (var fold in folds) fold.Apply(user, entry);
            if (entry.TimeMs > lastEventMs) Volatile.Write(ref lastEventMs, entry.TimeMs);
            Volatile.Write(ref mark, folded);
        }
        return true;
    }

    private LiveUser AddUser(string id)
    {
        var ordinal = nextOrdinal++;
        var user = new LiveUser(id, ordinal, new User { Id = id }, Features.GetOrAddUser(ordinal)) { ShownLoaded = true };
        users[id] = user;
        return user;
    }
}
