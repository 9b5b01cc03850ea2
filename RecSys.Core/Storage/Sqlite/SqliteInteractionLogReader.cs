using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteInteractionLogReader(SqliteDatabase database) : IInteractionLogReader
{
    public Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default) =>
        Task.FromResult(database.Read(connection =>
        {
            // One deferred transaction, so that users, items and events are of the same moment.
            using var snapshot = connection.BeginTransaction(deferred: true);
            return Read(connection, WholeMs.First(from), WholeMs.End(to), ct);
        }));

    public Task<IReadOnlyList<string?>> RequestIdsAsync(IReadOnlyList<long> positions, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<string?>>(database.Read(connection =>
        {
            using var select = new SqliteStatement(connection, "SELECT request_id FROM log WHERE position = ?");
            var ids = new string?[positions.Count];
            for (var i = 0; i < ids.Length; i++)
            {
                if ((i & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
                select.Reset();
                select.Bind(1, positions[i]);
                if (select.Step()) ids[i] = select.Text(0);
            }
            return ids;
        }));

    private static InteractionLogReading Read(SqliteConnection connection, long fromMs, long toMs, CancellationToken ct)
    {
        using var head = new SqliteLogHead(connection);
        head.Read();
        var shared = new SharedTexts();
        var items = SqliteLogContentReader.ReadItems(connection, shared, "ORDER BY number");
        // A number is the place in the catalogue, so removed items keep theirs.
        var catalog = new ItemCatalog();
        foreach (var stored in items)
        {
            catalog.Put(stored.Number, stored.Item);
            if (stored.Removed) catalog.Remove(stored.Number);
        }
        var users = SqliteLogContentReader.ReadUsers(connection, shared, "ORDER BY number").ConvertAll(stored => stored.User);
        var known = users.Count;
        var builder = new InteractionLogBuilder(catalog, users);
        AddEvents(connection, FirstPosition(connection, head.Position, fromMs), fromMs, toMs, builder, ct);
        var log = builder.Build(MergedIds(connection));
        return new InteractionLogReading(log, Parked(connection, fromMs, toMs, shared), users.Count - known) { LastPosition = head.Position,
            Epoch = head.Epoch };
    }

    private static void AddEvents(
        SqliteConnection connection, long first, long fromMs, long toMs, InteractionLogBuilder builder, CancellationToken ct)
    {
        // Ids, devices and locations have at most MaxIdLength characters.
        Span<char> text = stackalloc char[RecordRules.MaxIdLength];
        using var select = new SqliteStatement(connection, """
            SELECT position, min(happened_ms, received_ms), user_id, item, type, value, place, device, location, meaning, amount,
                request_id
            FROM log WHERE position >= ? AND kind = 0 ORDER BY position
            """);
        select.Bind(1, first);
        while (select.Step())
        {
            if ((builder.Count & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
            var timeMs = select.Int64(1);
            if (timeMs < fromMs || timeMs >= toMs) continue;
            var type = (EventType)select.Int64(4);
            builder.Add(select.Int64(0), LogEvents.Of(
                timeMs,
                // Without a subject: an erased user's.
                select.IsNull(2) ? -1 : builder.UserOf(Decode(select.Utf8(2), text)),
                (int)select.Int64(3),
                type,
                LogEvents.ValueOf(type, select.MaybeDouble(5), select.MaybeDouble(10)),
                select.MaybeInt64(6),
                builder.DeviceOf(Decode(select.Utf8(7), text)),
                builder.LocationOf(Decode(select.Utf8(8), text)),
                (EventMeaning?)select.MaybeInt64(9)) with { List = select.IsNull(11) ? 0 : builder.ListOf(select.Utf8(11)) });
        }
    }

    // The table of merges has the last one of each visitor, and leads to the entries of all of them.
    private static List<(long Position, string From, string Into)> MergedIds(SqliteConnection connection) =>
        connection.Query<(long Position, string From, string Into)>("""
            SELECT log.position, log.user_id, CAST(log.payload AS TEXT) FROM merges
            JOIN log ON log.user_id = merges.from_id AND log.kind = 4 ORDER BY log.position
            """).AsList();

    // No event counts with a later time than that of its receipt, and receipts never go back: whatever was received before the window is
    // outside it.
    private static long FirstPosition(SqliteConnection connection, long last, long fromMs)
    {
        using var received = new SqliteStatement(connection, "SELECT received_ms FROM log WHERE position >= ? ORDER BY position LIMIT 1");
        var (low, high) = (1L, last + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            received.Reset();
            received.Bind(1, middle);
            if (received.Step() && received.Int64(0) < fromMs) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    internal static long Parked(SqliteConnection connection, long fromMs, long toMs, SharedTexts shared)
    {
        if (fromMs == long.MinValue && toMs == long.MaxValue)
            return connection.ExecuteScalar<long>("SELECT parked FROM log_head WHERE id = 1");
        var count = 0L;
        using var select = new SqliteStatement(connection, "SELECT payload FROM parked");
        while (select.Step())
        {
            var timeMs = EventPayload.Read(select.Utf8(0), shared).Time.ToUnixTimeMilliseconds();
            if (timeMs >= fromMs && timeMs < toMs) count++;
        }
        return count;
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> utf8, Span<char> buffer) => buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
}
