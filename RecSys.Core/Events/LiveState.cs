using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Merchandising;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The served world as a fold of the log: catalogue, item and overall counters, users, the other folds and the clock, all as of
/// <see cref="Position"/>. <see cref="EventTail"/> folds, one entry at a time; readers run beside it. A user has a lock, taken once per
/// request by <see cref="TryCopy"/>; everything else is read without.
/// </summary>
public sealed class LiveState
{
    private readonly LogClock clock;
    private readonly IEventFold[] folds;
    private readonly UserFold userFold;
    private IItemFollower? follower;
    private RuleBook rules = RuleBook.Empty;
    private DateTimeOffset received;
    private long position;
    private long folding;

    /// <summary>An empty world of an epoch, to be folded from the first entry.</summary>
    /// <param name="epoch">Of the log.</param>
    /// <param name="users">Where users lie that are not in memory. What it holds belongs to positions that this state has not reached only
    /// if it was folded from this very log.</param>
    /// <param name="storeIsEmpty">True to spare the look for users that cannot be there.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="folds">What else grows with the log.</param>
    public LiveState(long epoch, IUserStateStore users, bool storeIsEmpty, EventOptions options, IEnumerable<IEventFold> folds)
        : this(epoch, new ItemCatalog(), null, new LogClock(), new UserTable(users, options.MaxUsersInMemory, storeIsEmpty), [.. folds])
    {
    }

    internal LiveState(long epoch, ItemCatalog catalog, FeatureState? features, LogClock clock, UserTable users, IEventFold[] folds)
    {
        (Epoch, Catalog, this.clock, Users, this.folds) = (epoch, catalog, clock, users, folds);
        Features = features ?? new FeatureState(catalog);
        userFold = new UserFold(users);
        if (folds.Select(fold => fold.Name).Distinct().Count() != folds.Length)
            throw new ArgumentException("Two folds have one name.", nameof(folds));
    }

    /// <summary>
    /// The world of a log that is in memory as a whole, with all users in memory: for benches and tests. Events count as received when they
    /// happened.
    /// </summary>
    internal static LiveState Of(InteractionLog log, params IEventFold[] folds)
    {
        var users = new UserTable(new NoUserStates(), int.MaxValue, storeIsEmpty: true);
        var state = new LiveState(1, new ItemCatalog(), null, new LogClock(), users, folds);
        LogEntry Next(LogChange change, int item = -1) => new(state.position + 1, 0, item, change);
        for (var item = 0; item < log.Items.Count; item++) state.Fold(Next(new ItemPut(log.Items[item]), item), null);
        for (var user = 0; user < log.Users.Count; user++) state.Fold(Next(new UserPut(log.Users[user])), null);
        var endMs = log.Events.IsEmpty ? 0 : log.Events[^1].TimeMs;
        foreach (ref readonly var e in log.Events)
        {
            state.Fold(e.User < 0 ? "" : log.Users[e.User].Id, requestId: null, in e, recorded: null, state.position + 1);
            // As a data set that was imported after it had ended.
            state.clock.Apply(e.TimeMs, Math.Max(e.TimeMs, endMs) + 2 * (long)TimeSpan.FromDays(1).TotalMilliseconds);
            state.position = state.folding = state.position + 1;
        }
        return state;
    }

    /// <summary>Epoch of the log.</summary>
    public long Epoch { get; }

    /// <summary>Everything up to here is folded.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>The items by number.</summary>
    public ItemCatalog Catalog { get; }

    /// <summary>Item and overall counters; its user states are not used here.</summary>
    public FeatureState Features { get; }

    /// <summary>The merchandising rules.</summary>
    public RuleBook Rules => Volatile.Read(ref rules);

    /// <summary>What else grows with the log.</summary>
    public IReadOnlyList<IEventFold> Folds => folds;

    /// <summary>
    /// True: features refer to the clock that asks, whatever the log says; for a server whose clock was set to a moment of the log.
    /// </summary>
    public bool FollowsClock { get; set; }

    /// <summary>Ids of users in memory, in no particular order, for a warm-up.</summary>
    public IEnumerable<string> UserIds => Users.Ids;

    internal UserTable Users { get; }

    /// <summary>
    /// True when the state is at the position and nothing is being folded: what was read since it was at the position belongs to it.
    /// </summary>
    public bool IsStill(long at)
    {
        // The reads in between must not move behind the comparison.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref folding) == at && Position == at;
    }

    /// <summary>
    /// The moment that features and windows refer to, Unix milliseconds: now, once events came in live. A log that ended long ago (an
    /// imported data set) is served as of its end, where single wild timestamps do not count; see also <see cref="FollowsClock"/>.
    /// </summary>
    public long FeatureTimeMs(DateTimeOffset now) => FollowsClock ? now.ToUnixTimeMilliseconds() : clock.FeatureTimeMs(now);

    /// <summary>Live events until an old log goes by the real time; see <see cref="LogClock"/>.</summary>
    internal long LiveEventsMissing => clock.LiveEventsMissing;

    /// <summary>
    /// Copies a user, or whom the user was merged into. Takes the user's lock once; one that is not in memory is read from the store.
    /// </summary>
    /// <returns>False for a user of whom nothing is known; the copy is then empty.</returns>
    public bool TryCopy(string userId, UserCopy into)
    {
        if (Users.Find(userId) is not { } user)
        {
            into.Clear();
            return false;
        }
        lock (user)
        {
            if (user.Erased)
            {
                into.Clear();
                return false;
            }
            (into.IsKnown, into.Profile, into.Position) = (true, user.Profile, user.Position);
            into.State.CopyFrom(user.State);
            into.Seen.CopyFrom(user.Seen);
        }
        return true;
    }

    /// <summary>
    /// True once the erasure of a user, or of whom it was merged into, is folded, for as long as it is in memory: what a request that began
    /// before it still has of the user must not be kept.
    /// </summary>
    public bool IsErased(string userId) => Users.IsErased(userId);

    /// <summary>
    /// The profile of a user, or of whom the user was merged into; null where there is none. One that is not in memory is read from the
    /// store.
    /// </summary>
    public User? ProfileOf(string userId)
    {
        if (Users.Find(userId) is not { } user) return null;
        lock (user) return user.Profile;
    }

    /// <summary>Tells somebody of items from now on; one at a time. To be called before the tail runs.</summary>
    public void TellOfItems(IItemFollower next) => follower = next;

    /// <summary>Takes in the entry behind <see cref="Position"/>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="recorded">What was recorded for it; null: it is resolved here.</param>
    /// <returns>What it contributed.</returns>
    internal Contribution Fold(LogEntry entry, Contribution? recorded)
    {
        if (entry.Position != position + 1)
            throw new InvalidOperationException($"Position {entry.Position} cannot be folded behind {position}.");
        Volatile.Write(ref folding, entry.Position);
        Interlocked.MemoryBarrier();
        var contribution = Contribution.None;
        switch (entry.Change)
        {
            case EventChange change:
                contribution = Fold(entry, change.Event, recorded);
                break;
            case ItemPut put:
                Features.PutItem(entry.Item, put.Item);
                Catalog.Put(entry.Item, put.Item);
                follower?.Put(entry.Item, put.Item);
                break;
            case ItemRemoval:
                if (Catalog.Remove(entry.Item)) Features.PutItem(entry.Item, Catalog[entry.Item]);
                follower?.Removed(entry.Item);
                break;
            case UserPut put:
                userFold.Put(put.User, entry.Position);
                break;
            case UserMerge merge:
                UserMerges.Apply(Users, folds, merge, entry.Position);
                break;
            case UserErasure erasure:
                userFold.Erase(erasure.UserId, folds, entry.Position);
                break;
            case ListShown shown:
                userFold.Show(shown, entry.Position);
                break;
            case RuleChange rule:
                Volatile.Write(ref rules, rules.With(rule.RuleId, rule.Json));
                break;
        }
        received = DateTimeOffset.FromUnixTimeMilliseconds(entry.ReceivedMs);
        Volatile.Write(ref position, entry.Position);
        return contribution;
    }

    /// <summary>The present state, to be written while the fold goes on. For the folding thread, between two entries.</summary>
    internal FrozenState Freeze()
    {
        var parts = new List<IFrozenPart> { new CatalogPart(Catalog.Capture()), new FeaturePart(Features.BeginSnapshot(position)),
            new ClockPart(clock), new RulePart(Rules) };
        parts.AddRange(folds.Select(fold => fold.Freeze()));
        return new FrozenState(Epoch, position, received, parts, Users.Freeze());
    }

    /// <summary>Says which position a restored state is of.</summary>
    internal void StartAt(long at, DateTimeOffset receivedAt, RuleBook book) =>
        (position, folding, received, rules) = (at, at, receivedAt, book);

    private Contribution Fold(LogEntry entry, Event e, Contribution? recorded)
    {
        if (entry.Item < 0) return Contribution.None;
        // An erased user's entries have no subject any more; what they contributed stands beside them.
        var compact = LogEvents.Of(e, -1, entry.Item, entry.FoldMs);
        var contribution = Fold(e.UserId, e.RequestId, in compact, recorded, entry.Position);
        clock.Apply(entry.Change.Happened?.ToUnixTimeMilliseconds(), entry.ReceivedMs);
        return contribution;
    }

    private Contribution Fold(string userId, string? requestId, in LogEvent compact, Contribution? recorded, long at)
    {
        var user = string.IsNullOrEmpty(userId) ? null : Users.FindOrAdd(userId);
        var contribution = recorded ?? Features.Resolve(in compact, user?.State);
        if (user is not null) userFold.Apply(ref user, requestId, in compact, in Features.Facts[compact.Item], in contribution, at);
        Features.ApplyShared(in compact, in contribution);
        var subject = user is null ? default : new FoldUser(user.Key, user.Profile);
        foreach (var fold in folds) fold.Apply(in subject, in compact);
        return contribution;
    }

    private sealed class CatalogPart(ItemCatalogSnapshot snapshot) : IFrozenPart
    {
        public string Name => SnapshotParts.Catalog;
        public int FormatVersion => ItemCatalogSnapshot.Version;
        public void Write(Stream to) => snapshot.Write(to);
        public void Dispose() => snapshot.Dispose();
    }

    private sealed class FeaturePart(FeatureSnapshot snapshot) : IFrozenPart
    {
        public string Name => SnapshotParts.Features;
        public int FormatVersion => SnapshotParts.FeatureVersion;
        public void Write(Stream to) => snapshot.WriteTo(to);
        public void Dispose() => snapshot.Dispose();
    }

    private sealed class ClockPart : IFrozenPart
    {
        private readonly byte[] bytes;

        public ClockPart(LogClock clock)
        {
            using var buffer = new MemoryStream();
            using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true)) clock.Write(writer);
            bytes = buffer.ToArray();
        }

        public string Name => SnapshotParts.Clock;
        public int FormatVersion => LogClock.FormatVersion;
        public void Write(Stream to) => to.Write(bytes);

        public void Dispose()
        {
        }
    }
}
