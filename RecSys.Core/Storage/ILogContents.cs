using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>What the log says about items, users and policies as of now, and its latest entries.</summary>
public interface ILogContents
{
    /// <summary>The item, removed or not; null when the id was never stored.</summary>
    Task<StoredItem?> FindItemAsync(string id, CancellationToken ct = default);

    /// <inheritdoc cref="FindItemAsync(string, CancellationToken)"/>
    Task<StoredItem?> FindItemAsync(int number, CancellationToken ct = default);

    /// <summary>
    /// The user's profile, that of whom the id was merged into; null when none is stored, also of users who are known by their events.
    /// </summary>
    Task<User?> FindUserAsync(string id, CancellationToken ct = default);

    /// <summary>The policy, or null when the hash is unknown.</summary>
    Task<PolicyPut?> FindPolicyAsync(string hash, CancellationToken ct = default);

    /// <summary>Changes of rules, the latest first, each at its place in the log.</summary>
    /// <param name="id">Of one rule; null: of all.</param>
    /// <param name="before">Only those before this position.</param>
    /// <param name="most">Most changes.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<LogEntry>> ReadRuleChangesAsync(string? id, long before, int most, CancellationToken ct = default);

    /// <summary>All items by number without a gap, the removed ones included: they keep their numbers.</summary>
    /// <param name="from">First number.</param>
    /// <param name="ct">Stops the enumeration.</param>
    IAsyncEnumerable<StoredItem> ReadItemsAsync(int from = 0, CancellationToken ct = default);

    /// <summary>
    /// Numbers of the items that were added, changed or removed behind a position; removed ones of earlier positions may be among them.
    /// </summary>
    Task<IReadOnlyList<int>> ReadChangedItemsAsync(long position, CancellationToken ct = default);

    /// <summary>All users with a profile in the order they were first stored.</summary>
    IAsyncEnumerable<StoredUser> ReadUsersAsync(CancellationToken ct = default);

    /// <summary>
    /// A page of the items that are not removed, in the order they were first stored. Pages neither repeat nor skip what stays stored
    /// meanwhile.
    /// </summary>
    /// <param name="after">Number of the last item of the page before; -1 for the first page.</param>
    /// <param name="most">Largest size of the page.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<StoredItem>> ListItemsAsync(int after, int most, CancellationToken ct = default);

    /// <summary>A page of the users, as <see cref="ListItemsAsync"/>.</summary>
    /// <param name="after"><see cref="StoredUser.Number"/> of the last user of the page before; 0 for the first page.</param>
    /// <param name="most">Largest size of the page.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<StoredUser>> ListUsersAsync(long after, int most, CancellationToken ct = default);

    Task<LogCounts> CountAsync(CancellationToken ct = default);

    /// <summary>
    /// Everybody who is erased, visitors who had become that user included, with the position of the erasure; by position.
    /// </summary>
    Task<IReadOnlyList<(string Id, long Position)>> ReadErasedAsync(CancellationToken ct = default);

    /// <summary>
    /// Position up to which an epoch of this log and the log as it is have the same entries: of the present epoch the head. Null for an
    /// epoch that this log never had.
    /// </summary>
    Task<long?> FindForkAsync(long epoch, CancellationToken ct = default);
}
