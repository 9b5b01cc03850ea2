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
        var (archive, isErased) = database.Read(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            var ids = connection.Query<string>(MergedIds, new { userId }).ToList();
            // What is still to be stripped of an erased user is nobody's to see.
            return IsErased(connection, userId)
                ? (new UserArchive(ids, [.. Entries(connection, userId).Where(entry => entry.Change is UserErasure)], [], [], [], []), true)
                : (Stored(connection, ids), false);
        });
        if (isErased) return archive;
        var served = new List<ServedRecord>();
        foreach (var id in archive.Ids)
            served.AddRange(await database.ServedRecords.ReadUserAsync(id, DateTimeOffset.UnixEpoch, ct).ToListAsync(ct));
        return archive with { Served = [.. served.OrderByDescending(record => record.Time)] };
    }

    private UserArchive Stored(SqliteConnection connection, IReadOnlyList<string> ids) => new(
        ids,
        [.. ids.SelectMany(id => Entries(connection, id)).OrderBy(entry => entry.Position)],
        [.. ids.SelectMany(id => Parked(connection, id))],
        [],
        [.. ids.Select(database.UserStates.Find).OfType<StoredUserState>()],
        [.. ids.SelectMany(id => Letters(connection, id))]);

    public Task<IReadOnlyList<string>> ReadIdsAsync(string userId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(
            database.Read(connection => connection.Query<string>(MergedIds, new { userId }).ToList()));
    }

    public Task<IReadOnlyList<LogEntry>> ReadLatestEventsAsync(string userId, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<LogEntry>>(database.Read<List<LogEntry>>(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            if (IsErased(connection, userId)) return [];
            return connection.Query<string>(MergedIds, new { userId }).SelectMany(id => LatestEvents(connection, id, most))
                .OrderByDescending(entry => entry.Position).Take(most).ToList();
        }));
    }

    public Task<IReadOnlyList<LogEntry>> ReadEntriesAsync(string userId, long position, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<LogEntry>>(database.Read<List<LogEntry>>(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            if (IsErased(connection, userId)) return [];
            return connection.Query<string>(MergedIds, new { userId }).SelectMany(id => Entries(connection, id, position))
                .OrderBy(entry => entry.Position).ToList();
        }));
    }

    public Task<IReadOnlyList<string>> FindIdsAsync(string prefix, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(database.Read(connection =>
        {
            // One step in the index per user, however many entries each has.
            using var next = new SqliteStatement(connection,
                "SELECT user_id FROM log WHERE user_id IS NOT NULL AND user_id > ? ORDER BY user_id LIMIT 1");
            var (found, after) = (new List<string>(), prefix);
            if (!IsErased(connection, prefix)
                && connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM log WHERE user_id = @prefix)", new { prefix }))
            {
                found.Add(prefix);
            }
            // Erased ones stand in the log until they are stripped: they are stepped over, and that, too, is bounded.
            for (var steps = 0; found.Count < most && steps < 10 * most; steps++)
            {
                next.Bind(1, after);
                var id = next.StepOnce() ? next.Text(0) : null;
                next.Reset();
                if (id is null || !id.StartsWith(prefix, StringComparison.Ordinal)) break;
                after = id;
                if (!IsErased(connection, id)) found.Add(id);
            }
            return found;
        }));
    }

    private static bool IsErased(SqliteConnection connection, string userId) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM erased WHERE id = @userId)", new { userId });

    private static List<LogEntry> LatestEvents(SqliteConnection connection, string id, int most)
    {
        using var rows = new SqliteLogRows(
            connection, "WHERE log.user_id = ? AND log.kind = ? ORDER BY log.position DESC LIMIT ?", resolved: 0, new SharedTexts());
        rows.Parameters.Bind(1, id);
        rows.Parameters.Bind(2, (long)LogKind.Event);
        rows.Parameters.Bind(3, most);
        var entries = new List<LogEntry>();
        while (rows.Next() is { } entry) entries.Add(entry);
        return entries;
    }

    private static List<LogEntry> Entries(SqliteConnection connection, string id, long position = long.MaxValue)
    {
        var resolved = connection.ExecuteScalar<long>("SELECT resolved FROM log_head WHERE id = 1");
        using var rows = new SqliteLogRows(connection, "WHERE log.user_id = ? AND log.position <= ? ORDER BY log.position", resolved,
            new SharedTexts());
        rows.Parameters.Bind(1, id);
        rows.Parameters.Bind(2, position);
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
