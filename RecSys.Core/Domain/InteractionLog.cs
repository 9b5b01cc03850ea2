namespace RecSys.Core.Domain;

/// <summary>A window of the event log with the users and items it speaks of: what training, replay and evaluation read.</summary>
public sealed class InteractionLog
{
    private readonly LogEvent[] events;

    /// <summary>Takes ownership of <paramref name="events"/>.</summary>
    /// <param name="items">Catalogue that gives item ordinals.</param>
    /// <param name="users">Directory that gives user ordinals.</param>
    /// <param name="events">In time order; events of the same millisecond in the order they were logged.</param>
    /// <exception cref="ArgumentException">The events are not in time order.</exception>
    public InteractionLog(ItemCatalog items, UserDirectory users, LogEvent[] events)
    {
        for (var i = 1; i < events.Length; i++)
        {
            if (events[i].TimeMs < events[i - 1].TimeMs)
                throw new ArgumentException($"Event {i} is earlier than event {i - 1}; sort the log by time first.", nameof(events));
        }
        Items = items;
        Users = users;
        this.events = events;
    }

    public ItemCatalog Items { get; }
    public UserDirectory Users { get; }
    public ReadOnlySpan<LogEvent> Events => events;

    /// <summary>The same users and items with only the events that pass; order is kept.</summary>
    public InteractionLog Where(Func<LogEvent, bool> keep) => new(Items, Users, [.. events.Where(keep)]);
}
