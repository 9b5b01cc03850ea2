using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Adds or replaces users on one connection.</summary>
internal sealed class SqliteUserWriter(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement upsert = new(connection, """
        INSERT INTO users (id, gender, age, location, created_ms, attributes) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET gender = excluded.gender, age = excluded.age, location = excluded.location,
            created_ms = excluded.created_ms, attributes = excluded.attributes
        """);

    internal void Write(IReadOnlyCollection<User> users, CancellationToken ct)
    {
        foreach (var user in users)
        {
            ct.ThrowIfCancellationRequested();
            if (RecordRules.FindProblem(user) is { } problem) throw new RecSysException($"A user cannot be stored: {problem}.");
            upsert.Bind(1, user.Id);
            upsert.Bind(2, user.Gender);
            upsert.Bind(3, user.Age);
            upsert.Bind(4, user.Location);
            upsert.Bind(5, user.CreatedAt?.ToUnixTimeMilliseconds());
            upsert.Bind(6, SqliteJson.OfMap(user.Attributes));
            upsert.Execute();
        }
    }

    public void Dispose() => upsert.Dispose();
}
