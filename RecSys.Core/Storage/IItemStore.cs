using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Source of truth for items. Text that <see cref="RecordRules"/> refuses ends in a <see cref="RecSysException"/> and stores nothing.</summary>
public interface IItemStore
{
    /// <summary>The item, or null when the id is unknown.</summary>
    Task<Item?> GetAsync(string id, CancellationToken ct = default);

    /// <summary>Adds items or replaces them as a whole, all or none; the last of several with one id wins. A known id keeps its place in the order.</summary>
    Task UpsertAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default);

    /// <summary>All items in the order they were first stored.</summary>
    IAsyncEnumerable<Item> ReadAllAsync(CancellationToken ct = default);

    Task<long> CountAsync(CancellationToken ct = default);
}
