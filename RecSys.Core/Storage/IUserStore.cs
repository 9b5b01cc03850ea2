using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Source of truth for users. Text that <see cref="RecordRules"/> refuses ends in a <see cref="RecSysException"/> and stores nothing.</summary>
public interface IUserStore
{
    /// <summary>The user, or null when the id is unknown.</summary>
    Task<User?> GetAsync(string id, CancellationToken ct = default);

    /// <summary>Adds users or replaces them as a whole, all or none; the last of several with one id wins. A known id keeps its place in the order.</summary>
    Task UpsertAsync(IReadOnlyCollection<User> users, CancellationToken ct = default);

    /// <summary>All users in the order they were first stored.</summary>
    IAsyncEnumerable<User> ReadAllAsync(CancellationToken ct = default);

    Task<long> CountAsync(CancellationToken ct = default);
}
