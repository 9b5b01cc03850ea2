using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteLogContentReader(SqliteDatabase database) : ILogContents
{
    // No ring can come into the table.
    private const string WhoIs = """
        WHERE id = (WITH RECURSIVE chain (id, hops) AS
            (SELECT ?, 0 UNION ALL SELECT into_id, hops + 1 FROM merges JOIN chain ON from_id = chain.id)
            SELECT id FROM chain ORDER BY hops DESC LIMIT 1)
        """;

    private const int PageSize = 5_000;

    private const string SelectItems =
        "SELECT number, items.position, removed, id, payload FROM items JOIN log ON log.position = items.position";
    private const string SelectUsers = "SELECT number, users.position, id, payload FROM users JOIN log ON log.position = users.position";

    public Task<StoredItem?> FindItemAsync(string id, CancellationToken ct = default) =>
        One(connection => ReadItems(connection, new SharedTexts(), "WHERE id = ?", select => select.Bind(1, id)), ct);

    public Task<StoredItem?> FindItemAsync(int number, CancellationToken ct = default) =>
        One(connection => ReadItems(connection, new SharedTexts(), "WHERE number = ?", select => select.Bind(1, number)), ct);

    public async Task<User?> FindUserAsync(string id, CancellationToken ct = default) =>
        (await One(connection => ReadUsers(connection, new SharedTexts(), WhoIs, select => select.Bind(1, id)), ct))?.User;

    public Task<PolicyPut?> FindPolicyAsync(string hash, CancellationToken ct = default) => One(connection =>
    {
        using var rows =
            new SqliteLogRows(connection, "WHERE log.position = (SELECT position FROM policies WHERE hash = ?)", 0, new SharedTexts());
        rows.Parameters.Bind(1, hash);
        return rows.Next()?.Change is PolicyPut policy ? [policy] : new List<PolicyPut>();
    }, ct);

    public Task<IReadOnlyList<LogEntry>> ReadRuleChangesAsync(string? id, long before, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<LogEntry>>(database.Read(connection =>
        {
            var of = id is null ? "" : "AND id = ?3";
            using var rows = new SqliteLogRows(connection, $"""
                WHERE log.position IN (SELECT position FROM rule_changes WHERE position < ?1 {of} ORDER BY position DESC LIMIT ?2)
                ORDER BY log.position DESC
                """, 0, new SharedTexts());
            rows.Parameters.Bind(1, before);
            rows.Parameters.Bind(2, most);
            if (id is not null) rows.Parameters.Bind(3, id);
            var changes = new List<LogEntry>();
            while (rows.Next() is { } entry) changes.Add(entry);
            return changes;
        }));
    }

    public async IAsyncEnumerable<StoredItem> ReadItemsAsync(int from = 0, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await Task.CompletedTask;
        var shared = new SharedTexts();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var first = from;
            var page = database.Read(connection => ReadItems(connection, shared, "WHERE number >= ? ORDER BY number LIMIT ?", select =>
            {
                select.Bind(1, first);
                select.Bind(2, PageSize);
            }));
            foreach (var item in page) yield return item;
            if (page.Count < PageSize) yield break;
            from = page[^1].Number + 1;
        }
    }

    public async IAsyncEnumerable<StoredUser> ReadUsersAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        var after = 0L;
        while (true)
        {
            var page = await ListUsersAsync(after, PageSize, ct);
            foreach (var user in page) yield return user;
            if (page.Count < PageSize) yield break;
            after = page[^1].Number;
        }
    }

    public Task<IReadOnlyList<StoredItem>> ListItemsAsync(int after, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<StoredItem>>(database.Read(connection =>
            ReadItems(connection, new SharedTexts(), "WHERE number > ? AND removed = 0 ORDER BY number LIMIT ?", select =>
            {
                select.Bind(1, after);
                select.Bind(2, most);
            })));
    }

    public Task<IReadOnlyList<int>> ReadChangedItemsAsync(long position, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
            (IReadOnlyList<int>)[
                .. connection.Query<int>("SELECT number FROM items WHERE position > @position OR removed = 1", new { position })]));
    }

    public Task<IReadOnlyList<StoredUser>> ListUsersAsync(long after, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<StoredUser>>(database.Read(connection =>
            ReadUsers(connection, new SharedTexts(), "WHERE number > ? ORDER BY number LIMIT ?", select =>
            {
                select.Bind(1, after);
                select.Bind(2, most);
            })));
    }

    public Task<LogCounts> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            using var head = new SqliteLogHead(connection);
            head.Read();
            var removed = connection.ExecuteScalar<long>("SELECT count(*) FROM items WHERE removed = 1");
            var users = connection.ExecuteScalar<long>("SELECT count(*) FROM users");
            return new LogCounts(head.NextItem - removed, removed, users, head.Events, head.Parked, Time(head.FirstEventMs),
                Time(head.LastEventMs));
        }));
    }

    public Task<IReadOnlyList<(string Id, long Position)>> ReadErasedAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => (IReadOnlyList<(string, long)>)connection
            .Query<(string, long)>("SELECT id, position FROM erased ORDER BY position, id").AsList()));
    }

    public Task<long?> FindForkAsync(long epoch, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long?>("""
            SELECT coalesce((SELECT min(start) FROM epochs WHERE epoch > @epoch), (SELECT position FROM log_head WHERE id = 1))
            FROM epochs WHERE epoch = @epoch
            """, new { epoch })));
    }

    /// <summary>Items that fit, with the connection's snapshot.</summary>
    internal static List<StoredItem> ReadItems(
        SqliteConnection connection, SharedTexts shared, string where, Action<SqliteStatement>? bind = null)
    {
        using var select = new SqliteStatement(connection, $"{SelectItems} {where}");
        bind?.Invoke(select);
        var items = new List<StoredItem>();
        while (select.Step())
        {
            var item = ItemPayload.Read(select.Text(3)!, select.Utf8(4), shared);
            items.Add(new StoredItem((int)select.Int64(0), select.Int64(1), select.Int64(2) != 0, item));
        }
        return items;
    }

    /// <summary>Users that fit, with the connection's snapshot.</summary>
    internal static List<StoredUser> ReadUsers(
        SqliteConnection connection, SharedTexts shared, string where, Action<SqliteStatement>? bind = null)
    {
        using var select = new SqliteStatement(connection, $"{SelectUsers} {where}");
        bind?.Invoke(select);
        var users = new List<StoredUser>();
        while (select.Step())
        {
            var id = select.Text(2)!;
            // Earlier versions left a row where a profile had moved on before its user was erased.
            var user = select.IsNull(3) ? new User { Id = id } : UserPayload.Read(id, select.Utf8(3), shared);
            users.Add(new StoredUser(select.Int64(0), select.Int64(1), user));
        }
        return users;
    }

    private Task<T?> One<T>(Func<SqliteConnection, List<T>> read, CancellationToken ct)
        where T : class
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(read).SingleOrDefault());
    }

    private static DateTimeOffset? Time(long? ms) => ms is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
