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
            return Read(connection, SqliteTimes.FirstMs(from), SqliteTimes.EndMs(to), ct);
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
        var merges = MergedIds(connection);
        var ordinals = users.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToDictionary(StringComparer.Ordinal);
        var (events, positions) = Events(connection, FirstPosition(connection, head.Position, fromMs), fromMs, toMs, users, ordinals, ct);
        var log = Merge(merges, catalog, users, ordinals, events, positions);
        return new InteractionLogReading(log, Parked(connection, fromMs, toMs, shared), users.Count - known) { LastPosition = head.Position,
            Epoch = head.Epoch };
    }

    private static (LogEvent[] Events, long[] Positions) Events(
        SqliteConnection connection, long first, long fromMs, long toMs, List<User> users, Dictionary<string, int> ordinals,
        CancellationToken ct)
    {
        var usersByText = ordinals.GetAlternateLookup<ReadOnlySpan<char>>();
        var locations = new Dictionary<string, byte>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var devices = new Dictionary<string, byte>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var events = new List<LogEvent>();
        var positions = new List<long>();
        var lists = new ListNumbers();
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
            if ((events.Count & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
            var timeMs = select.Int64(1);
            if (timeMs < fromMs || timeMs >= toMs) continue;
            // Without a subject: an erased user's.
            var user = -1;
            if (!select.IsNull(2))
            {
                var id = Decode(select.Utf8(2), text);
                if (!usersByText.TryGetValue(id, out user))
                {
                    user = users.Count;
                    users.Add(new User { Id = id.ToString() });
                    usersByText[id] = user;
                }
            }
            events.Add(LogEvents.Of(
                timeMs,
                user,
                (int)select.Int64(3),
                (EventType)select.Int64(4),
                select.MaybeDouble(5) ?? (select.Int64(4) == (long)EventType.Purchase ? select.MaybeDouble(10) : null),
                select.MaybeInt64(6),
                Code(Decode(select.Utf8(7), text), devices, ContextCodes.Device),
                Code(Decode(select.Utf8(8), text), locations, ContextCodes.Location),
                (EventMeaning?)select.MaybeInt64(9)) with { List = select.IsNull(11) ? 0 : lists.Of(select.Utf8(11)) });
            positions.Add(select.Int64(0));
        }
        return ([.. events], [.. positions]);
    }

    // Chains and repetitions are followed as the live fold follows them: a merge is of those whom the two have become until then.
    private static InteractionLog Merge(
        List<(long Position, string From, string Into)> stored, ItemCatalog items, List<User> users, Dictionary<string, int> ordinals,
        LogEvent[] events, long[] positions)
    {
        var merges = new List<LogMerge>();
        var became = new Dictionary<int, int>();
        var next = 0;
        for (var i = 0; i <= events.Length && (next < stored.Count || became.Count > 0); i++)
        {
            for (; next < stored.Count && (i == events.Length || stored[next].Position < positions[i]); next++)
            {
                var (from, into) = (Final(Ordinal(stored[next].From)), Final(Ordinal(stored[next].Into)));
                if (from == into) continue;
                became[from] = into;
                merges.Add(new LogMerge(stored[next].Position, from, into));
            }
            if (i < events.Length && events[i].User >= 0 && became.Count > 0) events[i] = events[i] with { User = Final(events[i].User) };
        }
        return new InteractionLog(items, new UserDirectory(users), events, positions) { Merges = merges };

        int Final(int user)
        {
            while (became.TryGetValue(user, out var into)) user = into;
            return user;
        }

        int Ordinal(string id)
        {
            if (ordinals.TryGetValue(id, out var user)) return user;
            users.Add(new User { Id = id });
            return ordinals[id] = users.Count - 1;
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

    private static long Parked(SqliteConnection connection, long fromMs, long toMs, SharedTexts shared)
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

    private static byte Code(
        ReadOnlySpan<char> name, Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> known, Func<string?, byte> codeOf)
    {
        if (name.IsEmpty) return 0;
        if (known.TryGetValue(name, out var code)) return code;
        return known[name] = codeOf(name.ToString());
    }
}
