namespace RecSys.Core.Domain;

/// <summary>
/// A window of the event log with the users and items it speaks of: what training, replay and evaluation read. Events stand in the order of
/// their positions, in which serving folds them; one that came late stands behind later ones. Events of erased users have the user -1: they
/// count for items and the whole and are nobody's.
/// </summary>
public sealed class InteractionLog
{
    private readonly LogEvent[] events;
    private long[]? positions;

    /// <summary>Takes ownership of <paramref name="events"/> and <paramref name="positions"/>.</summary>
    /// <param name="items">Catalogue that gives item ordinals.</param>
    /// <param name="users">Directory that gives user ordinals.</param>
    /// <param name="events">In the order in which they are folded.</param>
    /// <param name="positions">One per event; null: from 1 on without a gap.</param>
    /// <exception cref="ArgumentException">There are not as many positions as events.</exception>
    public InteractionLog(ItemCatalog items, UserDirectory users, LogEvent[] events, long[]? positions = null)
    {
        if (positions is not null && positions.Length != events.Length)
            throw new ArgumentException($"{positions.Length} positions for {events.Length} events.", nameof(positions));
        Items = items;
        Users = users;
        this.events = events;
        this.positions = positions;
        for (var i = 1; i < events.Length; i++)
        {
            if (events[i].TimeMs >= events[i - 1].TimeMs) continue;
            IsInTimeOrder = false;
            break;
        }
    }

    public ItemCatalog Items { get; }
    public UserDirectory Users { get; }
    public ReadOnlySpan<LogEvent> Events => events;

    /// <summary>Place of each event in the log; ascending unless the events were put into the order of their times.</summary>
    public ReadOnlySpan<long> Positions => positions ??= CountedPositions(events.Length);

    /// <summary>
    /// Merges of users, by position; both ordinals are known to <see cref="Users"/>. Events behind a merge are the second user's already,
    /// those before it the first one's.
    /// </summary>
    public IReadOnlyList<LogMerge> Merges { get; init; } = [];

    /// <summary>True when no event stands behind a later one.</summary>
    public bool IsInTimeOrder { get; } = true;

    /// <summary>The same users and items with only the events that pass; order is kept.</summary>
    public InteractionLog Where(Func<LogEvent, bool> keep)
    {
        var kept = new List<LogEvent>();
        var places = new List<long>();
        var all = Positions;
        for (var i = 0; i < events.Length; i++)
        {
            if (!keep(events[i])) continue;
            kept.Add(events[i]);
            places.Add(all[i]);
        }
        return new InteractionLog(Items, Users, [.. kept], [.. places]) { Merges = Merges };
    }

    /// <summary>
    /// The same events by time, those of one millisecond in the order of their positions: for whatever asks what came after what, such as
    /// sequences and splits. The log itself when it is so ordered already.
    /// </summary>
    public InteractionLog InTimeOrder()
    {
        if (IsInTimeOrder) return this;
        var order = OrderByTime();
        var all = Positions;
        var (sorted, places) = (new LogEvent[events.Length], new long[events.Length]);
        for (var i = 0; i < order.Length; i++) (sorted[i], places[i]) = (events[order[i]], all[order[i]]);
        return new InteractionLog(Items, Users, sorted, places) { Merges = Merges };
    }

    /// <summary>
    /// The same events, each with the user that its user has become by the end of the log, and no merges left: for whatever wants a
    /// person's whole history, such as sequences. What the person did as a visitor is then known before the merge, so replays of what was
    /// served must not use it.
    /// </summary>
    public InteractionLog WithUsersMerged()
    {
        if (Merges.Count == 0) return this;
        var became = new int[Users.Count];
        for (var user = 0; user < became.Length; user++) became[user] = user;
        // The last merge first: whom a user became has been followed to the end already.
        for (var i = Merges.Count - 1; i >= 0; i--) became[Merges[i].From] = became[Merges[i].Into];
        var merged = new LogEvent[events.Length];
        for (var i = 0; i < merged.Length; i++)
            merged[i] = events[i].User < 0 ? events[i] : events[i] with { User = became[events[i].User] };
        return new InteractionLog(Items, Users, merged, positions);
    }

    /// <summary>Indexes of the events by time, those of one millisecond in the order of their positions.</summary>
    public int[] OrderByTime()
    {
        var order = new int[events.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        if (IsInTimeOrder) return order;
        var keys = new (long TimeMs, int Index)[events.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (events[i].TimeMs, i);
        Array.Sort(keys, order);
        return order;
    }

    private static long[] CountedPositions(int count)
    {
        var counted = new long[count];
        for (var i = 0; i < count; i++) counted[i] = i + 1;
        return counted;
    }
}
