using System.Runtime.CompilerServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteUserStore(SqliteDatabase database) : IUserStore
{
    internal const string Select = """
        SELECT id AS Id, gender AS Gender, age AS Age, location AS Location, created_ms AS CreatedMs, attributes AS Attributes FROM users
        """;

    public Task<User?> GetAsync(string id, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.ToUser()));
    }

    public Task UpsertAsync(IReadOnlyCollection<User> users, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var writer = new SqliteUserWriter(connection);
        writer.Write(users, ct);
        return true;
    }, ct);

    public async IAsyncEnumerable<User> ReadAllAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        using var connection = database.Connect();
        await foreach (var row in connection.QueryUnbufferedAsync<Row>($"{Select} ORDER BY ordinal").WithCancellation(ct)) yield return row.ToUser();
    }

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM users")));
    }

    internal sealed class Row
    {
        public required string Id { get; init; }
        public string? Gender { get; init; }
        public long? Age { get; init; }
        public string? Location { get; init; }
        public long? CreatedMs { get; init; }
        public string? Attributes { get; init; }

        internal User ToUser()
        {
            var user = new User
            {
                Id = Id,
                Gender = Gender,
                Age = (int?)Age,
                Location = Location,
                CreatedAt = CreatedMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
            };
            return Attributes is null ? user : user with { Attributes = SqliteJson.To<Dictionary<string, string>>(Attributes) };
        }
    }
}
