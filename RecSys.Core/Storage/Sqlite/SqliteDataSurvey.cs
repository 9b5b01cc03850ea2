using Dapper;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteDataSurvey(SqliteDatabase database) : IDataSurvey
{
    private const int Examples = 3;

    public async Task<DataSurvey> SurveyAsync(CancellationToken ct = default)
    {
        var counts = await database.Contents.CountAsync(ct);
        return Survey(counts, ct) with
        {
            UnknownItems = await FindUnknownItemsAsync(ct),
            UnknownUsers = await FindUnknownUsersAsync(ct),
        };
    }

    public async Task<UnknownIds?> FindUnknownItemsAsync(CancellationToken ct = default)
    {
        var counts = await database.Contents.CountAsync(ct);
        if (counts.Parked == 0) return null;
        var ids = database.Read(connection =>
            connection.Query<string>("SELECT item_id FROM parked GROUP BY item_id ORDER BY min(sequence) LIMIT 20").AsList());
        return new UnknownIds(counts.Parked, [.. ids.Take(Examples)], await UnknownIdCause.FindAsync(
            ids, "items", async id => await database.Contents.FindItemAsync(id, ct) is { Removed: false }, counts.Items > 0));
    }

    public Task<long> CountUnknownItemsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
            SqliteInteractionLogReader.Parked(connection, WholeMs.First(from), WholeMs.End(to), new SharedTexts())));
    }

    public Task<DateTimeOffset?> FindEndAsync(TimeSpan window, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
        {
            var hours = connection.Query<(long Hour, long Count, long Last)>("""
                SELECT min(happened_ms, received_ms) / 3600000, count(*), max(min(happened_ms, received_ms))
                    FROM log WHERE kind = 0 GROUP BY 1 ORDER BY 1 DESC
                """).AsList();
            return LogEnd.Find([.. hours.Select(hour => (hour.Last, hour.Count))], (long)window.TotalMilliseconds) is { } end
                ? DateTimeOffset.FromUnixTimeMilliseconds(end) : (DateTimeOffset?)null;
        }));
    }

    public async Task<UnknownIds?> FindUnknownUsersAsync(CancellationToken ct = default)
    {
        if ((await database.Contents.CountAsync(ct)).Users == 0) return null;
        // A merged id is another name of somebody; its profile is theirs.
        const string Lacking = """
            FROM log WHERE kind = 0 AND user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users WHERE id = log.user_id)
                AND NOT EXISTS (SELECT 1 FROM merges WHERE from_id = log.user_id)
            """;
        var (count, ids) = database.Read(connection => (
            connection.ExecuteScalar<long>($"SELECT count(*) {Lacking}"),
            connection.Query<string>($"SELECT DISTINCT user_id {Lacking} LIMIT 20").AsList()));
        return count == 0
            ? null
            : new UnknownIds(count, [.. ids.Take(Examples)], await UnknownIdCause.FindAsync(
                ids, "users", async id => await database.Contents.FindUserAsync(id, ct) is not null, knowsAny: true));
    }

    private DataSurvey Survey(LogCounts counts, CancellationToken ct)
    {
        return database.Read(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            var byType = new Dictionary<string, long>(StringComparer.Ordinal);
            var days = new HashSet<long>();
            var (shown, placed, ahead, midnight) = (0L, 0L, 0L, 0L);
            using (var events = new SqliteStatement(connection, """
                SELECT type, min(happened_ms, received_ms) / 86400000, count(*), count(place), sum(happened_ms > received_ms),
                    sum(happened_ms % 86400000 = 0)
                FROM log WHERE kind = 0 GROUP BY 1, 2
                """))
            {
                while (events.Step())
                {
                    ct.ThrowIfCancellationRequested();
                    var type = (EventType)events.Int64(0);
                    days.Add(events.Int64(1));
                    byType[type.ToName()] = byType.GetValueOrDefault(type.ToName()) + events.Int64(2);
                    ahead += events.Int64(4);
                    midnight += events.Int64(5);
                    if (type != EventType.Impression) continue;
                    shown += events.Int64(2);
                    placed += events.Int64(3);
                }
            }
            var withoutEvents = connection.ExecuteScalar<long>(
                "SELECT count(*) FROM users WHERE NOT EXISTS (SELECT 1 FROM log WHERE user_id = users.id AND kind = 0)");
            var active = connection.ExecuteScalar<long>(
                "SELECT count(*) FROM (SELECT DISTINCT user_id FROM log WHERE user_id IS NOT NULL AND kind = 0)");
            var (noTitle, noCategory) = connection.QuerySingle<(long, long)>(
                "SELECT coalesce(sum(lacks & 1), 0), coalesce(sum(lacks >> 1), 0) FROM items WHERE removed = 0 AND lacks > 0");
            return new DataSurvey(counts, withoutEvents, active - (counts.Users - withoutEvents), noTitle, noCategory, shown, placed,
                days.Count, ahead, midnight, byType);
        });
    }
}
