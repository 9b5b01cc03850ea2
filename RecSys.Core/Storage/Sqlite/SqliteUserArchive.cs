using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteUserArchive(SqliteDatabase database) : IUserArchive
{
    private const string MergedIds = """
        WITH RECURSIVE ids (id) AS (SELECT @userId UNION SELECT from_id FROM merges JOIN ids ON merges.into_id = ids.id)
            SELECT id FROM ids LIMIT 10000
        """;

    public async Task<UserArchive> ReadAsync(string userId, CancellationToken ct = default)
    {
        var archive = database.Read(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            var ids = connection.Query<string>(MergedIds, new { userId }).ToList();
            return new UserArchive(
                ids,
                [.. ids.SelectMany(id => Entries(connection, id)).OrderBy(entry => entry.Position)],
                [.. ids.SelectMany(id => Parked(connection, id))],
                [],
                [.. ids.Select(database.UserStates.Find).OfType<StoredUserState>()],
                [.. ids.SelectMany(id => Letters(connection, id))]);
        });
        var served = new List<ServedRecord>();
        foreach (var id in archive.Ids)
            served.AddRange(await database.ServedRecords.ReadUserAsync(id, DateTimeOffset.UnixEpoch, ct).ToListAsync(ct));
        return archive with { Served = [.. served.OrderByDescending(record => record.Time)] };
    }

    public Task<IReadOnlyList<string>> ReadIdsAsync(string userId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(
            database.Read(connection => connection.Query<string>(MergedIds, new { userId }).ToList()));
    }

    private static List<LogEntry> Entries(SqliteConnection connection, string id)
    {
        var resolved = connection.ExecuteScalar<long>("SELECT resolved FROM log_head WHERE id = 1");
        using var rows = new SqliteLogRows(connection, "WHERE log.user_id = ? ORDER BY log.position", resolved, new SharedTexts());
        rows.Parameters.Bind(1, id);
        var entries = new List<LogEntry>();
        while (rows.Next() is { } entry) entries.Add(entry);
        return entries;
    }

    private static List<Event> Parked(SqliteConnection connection, string id)
    {
        using var select = new SqliteStatement(connection, "SELECT payload FROM parked WHERE user_id = ? ORDER BY sequence");
        select.Bind(1, id);
        var shared = new SharedTexts();
        var events = new List<Event>();
        while (select.Step()) events.Add(EventPayload.Read(select.Utf8(0), shared));
        return events;
    }

    private static List<DeadLetter> Letters(SqliteConnection connection, string id)
    {
        using var select = new SqliteStatement(connection,
            "SELECT number, received_ms, position, user_id, reason, content FROM dead_letters WHERE user_id = ? ORDER BY number");
        select.Bind(1, id);
        return SqliteDeadLetters.Rows(select);
    }
}
