using Dapper;
using Microsoft.Data.Sqlite;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteDeadLetters(SqliteDatabase database, LogLimits limits) : IDeadLetters
{
    private const string Select = "SELECT number, received_ms, position, user_id, reason, content FROM dead_letters";

    public Task<long> AddAsync(DeadLetter letter, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var insert = new SqliteStatement(connection, """
            INSERT INTO dead_letters (received_ms, position, user_id, reason, content) SELECT ?1, ?2, ?3, ?4, ?5
            WHERE ?3 IS NULL OR NOT EXISTS (SELECT 1 FROM erased WHERE id = ?3)
            """);
        insert.Bind(1, letter.Received.ToUnixTimeMilliseconds());
        insert.Bind(2, letter.Position);
        insert.Bind(3, letter.UserId);
        insert.Bind(4, letter.Reason);
        insert.Bind(5, letter.Content);
        if (insert.Execute() == 0) return 0;
        var number = connection.ExecuteScalar<long>("SELECT last_insert_rowid()");
        connection.Execute(
            "DELETE FROM dead_letters WHERE number <= (SELECT number FROM dead_letters ORDER BY number DESC LIMIT 1 OFFSET @most)",
            new { most = limits.MostDeadLetters });
        return number;
    }, ct);

    public Task<IReadOnlyList<DeadLetter>> ListAsync(long after, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<DeadLetter>>(
            database.Read(connection => Read(connection, "WHERE number > ? ORDER BY number LIMIT ?", after, most)));
    }

    public Task<DeadLetter?> FindAsync(long number, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => Read(connection, "WHERE number = ? LIMIT ?", number, 1)).SingleOrDefault());
    }

    public async Task<bool> RemoveAsync(long number, CancellationToken ct = default) =>
        await database.WriteAsync(connection => connection.Execute("DELETE FROM dead_letters WHERE number = @number", new { number }),
            ct) == 1;

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM dead_letters")));
    }

    private static List<DeadLetter> Read(SqliteConnection connection, string where, long key, int most)
    {
        using var select = new SqliteStatement(connection, $"{Select} {where}");
        select.Bind(1, key);
        select.Bind(2, most);
        return Rows(select);
    }

    /// <summary>All rows of a statement that selects number, time, position, user, reason and content.</summary>
    internal static List<DeadLetter> Rows(SqliteStatement select)
    {
        var letters = new List<DeadLetter>();
        while (select.Step())
        {
            letters.Add(new DeadLetter(DateTimeOffset.FromUnixTimeMilliseconds(select.Int64(1)), select.MaybeInt64(2), select.Text(3),
                select.Text(4)!, select.Text(5)!)
            {
                Number = select.Int64(0),
            });
        }
        return letters;
    }
}
