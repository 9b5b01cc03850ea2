using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Items by the log.</summary>
internal sealed class SqliteItemStore(SqliteDatabase database) : IItemStore
{
    public async Task<Item?> GetAsync(string id, CancellationToken ct = default) =>
        await database.Contents.FindItemAsync(id, ct) is { Removed: false } stored ? stored.Item : null;

    public Task UpsertAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default) =>
        database.EventLog.AppendAsync([.. items.Select(item => new ItemPut(item))], ct);

    public IAsyncEnumerable<Item> ReadAllAsync(CancellationToken ct = default) =>
        database.Contents.ReadItemsAsync(ct: ct).Where(stored => !stored.Removed).Select(stored => stored.Item);

    public async Task<long> CountAsync(CancellationToken ct = default) => (await database.Contents.CountAsync(ct)).Items;
}
