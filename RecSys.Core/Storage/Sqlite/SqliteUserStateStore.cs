using Dapper;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteUserStateStore(SqliteDatabase database) : IUserStateStore
{
    public StoredUserState? Find(string userId) => database.Read(connection =>
    {
        using var select = new SqliteStatement(connection, "SELECT position, state FROM user_states WHERE user_id = ?");
        select.Bind(1, userId);
        return select.Step() ? new StoredUserState(userId, select.Int64(0), select.Utf8(1).ToArray()) : null;
    });

    public Task SaveAsync(IReadOnlyList<StoredUserState> states, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        // A state that was on its way when its user was erased must not come back.
        using var save = new SqliteStatement(connection, """
            INSERT INTO user_states (user_id, position, state) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE id = ?1)
            ON CONFLICT (user_id) DO UPDATE SET position = excluded.position, state = excluded.state WHERE excluded.position >= position
            """);
        foreach (var (user, position, state) in states)
        {
            ct.ThrowIfCancellationRequested();
            save.Bind(1, user);
            save.Bind(2, position);
            save.Bind(3, state);
            save.Execute();
        }
        return true;
    }, ct);

    public Task DeleteAsync(IReadOnlyList<string> userIds, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var delete = new SqliteStatement(connection, "DELETE FROM user_states WHERE user_id = ?");
        foreach (var user in userIds)
        {
            delete.Bind(1, user);
            delete.Execute();
        }
        return true;
    }, ct);

    public Task ClearAsync(CancellationToken ct = default) =>
        database.WriteAsync(connection => connection.Execute("DELETE FROM user_states"), ct);

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM user_states")));
    }
}
