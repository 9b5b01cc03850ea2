using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>One all-or-nothing load. Disposed of without <see cref="CommitAsync"/>, it leaves the store exactly as before. Not thread-safe.</summary>
public interface IBulkLoad : IAsyncDisposable
{
    /// <summary>Adds or replaces, as <see cref="IUserStore.UpsertAsync"/>.</summary>
    Task AddUsersAsync(IReadOnlyCollection<User> users, CancellationToken ct = default);

    /// <summary>Adds or replaces, as <see cref="IItemStore.UpsertAsync"/>.</summary>
    Task AddItemsAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default);

    /// <summary>Appends events; those whose id is already stored are left out.</summary>
    /// <returns>One outcome per event, in the order given.</returns>
    Task<IReadOnlyList<AppendOutcome>> AddEventsAsync(IReadOnlyCollection<Event> events, CancellationToken ct = default);

    /// <summary>Makes everything visible and durable. The load cannot be used afterwards.</summary>
    Task CommitAsync(CancellationToken ct = default);
}
