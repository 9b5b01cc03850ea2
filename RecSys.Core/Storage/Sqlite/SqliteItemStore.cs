using System.Runtime.CompilerServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteItemStore(SqliteDatabase database) : IItemStore
{
    public Task<Item?> GetAsync(string id, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
        {
            using var reader = new SqliteItemReader(connection, id);
            return reader.Next();
        }));
    }

    public Task UpsertAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var writer = new SqliteItemWriter(connection);
        writer.Write(items, ct);
        return true;
    }, ct);

    public async IAsyncEnumerable<Item> ReadAllAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        using var connection = database.Connect();
        using var reader = new SqliteItemReader(connection);
        while (reader.Next() is { } item)
        {
            ct.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM items")));
    }
}
