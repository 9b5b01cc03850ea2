using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Users by the log.</summary>
internal sealed class SqliteUserStore(SqliteDatabase database) : IUserStore
{
    public Task<User?> GetAsync(string id, CancellationToken ct = default) => database.Contents.FindUserAsync(id, ct);

    public Task UpsertAsync(IReadOnlyCollection<User> users, CancellationToken ct = default) =>
        database.EventLog.AppendAsync([.. users.Select(user => new UserPut(user))], ct);

    public IAsyncEnumerable<User> ReadAllAsync(CancellationToken ct = default) => database.Contents.ReadUsersAsync(ct).Select(stored => stored.User);

    public async Task<long> CountAsync(CancellationToken ct = default) => (await database.Contents.CountAsync(ct)).Users;
}
