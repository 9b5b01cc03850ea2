using Dapper;
using Microsoft.Data.Sqlite;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteLeases(SqliteDatabase database, TimeProvider clock) : ILeases
{
    public Task<LeaseAttempt> TakeAsync(
        string name, string owner, TimeSpan length, Func<LeaseRecord, bool>? gone = null, CancellationToken ct = default) =>
        database.WriteAsync(connection =>
        {
            var now = clock.GetUtcNow();
            var known = Find(connection, name);
            if (known is { Released: false } && known.ExpiresAt > now && gone?.Invoke(known) != true)
                return new LeaseAttempt(false, known, null);
            connection.Execute(
                """
                INSERT INTO leases (name, owner, token, taken_ms, expires_ms, renewals, released)
                    VALUES (@name, @owner, 1, @now, @end, 0, 0)
                ON CONFLICT (name) DO UPDATE SET owner = @owner, token = token + 1, taken_ms = @now, expires_ms = @end, renewals = 0,
                    released = 0
                """,
                new { name, owner, now = now.ToUnixTimeMilliseconds(), end = (now + length).ToUnixTimeMilliseconds() });
            return new LeaseAttempt(true, Find(connection, name)!, known is { Released: false } ? known : null);
        }, ct);

    public Task<bool> RenewAsync(string name, long token, TimeSpan length, CancellationToken ct = default) =>
        database.WriteAsync(connection => connection.Execute(
            """
            UPDATE leases SET expires_ms = @end, renewals = renewals + 1 WHERE name = @name AND token = @token AND released = 0
            """,
            new { name, token, end = (clock.GetUtcNow() + length).ToUnixTimeMilliseconds() }) == 1, ct);

    public Task ReleaseAsync(string name, long token, CancellationToken ct = default) => database.WriteAsync(
        connection => connection.Execute("UPDATE leases SET released = 1 WHERE name = @name AND token = @token", new { name, token }), ct);

    public Task<LeaseRecord?> FindAsync(string name, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => Find(connection, name)));
    }

    private static LeaseRecord? Find(SqliteConnection connection, string name) => connection.QuerySingleOrDefault<Row>(
        "SELECT name, owner, token, taken_ms AS TakenMs, expires_ms AS ExpiresMs, renewals, released FROM leases WHERE name = @name",
        new { name })?.ToRecord();

    private sealed record Row
    {
        public required string Name { get; init; }
        public required string Owner { get; init; }
        public long Token { get; init; }
        public long TakenMs { get; init; }
        public long ExpiresMs { get; init; }
        public long Renewals { get; init; }
        public long Released { get; init; }

        public LeaseRecord ToRecord() => new(
            Name, Owner, Token, DateTimeOffset.FromUnixTimeMilliseconds(TakenMs), DateTimeOffset.FromUnixTimeMilliseconds(ExpiresMs),
            Renewals, Released != 0);
    }
}
