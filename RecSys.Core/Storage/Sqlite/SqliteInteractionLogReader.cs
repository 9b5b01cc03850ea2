using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteInteractionLogReader(SqliteDatabase database) : IInteractionLogReader
{
    public Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default) =>
        Task.FromResult(database.Read(connection =>
        {
            // One deferred transaction, so that users, items and events are of the same moment.
            using var snapshot = connection.BeginTransaction(deferred: true);
            return Read(connection, from, to, positions: null, ct);
        }));

    public Task<PositionedLog> ReadWithPositionsAsync(IReadOnlyCollection<string> eventIds, CancellationToken ct = default) =>
        Task.FromResult(database.Read(connection =>
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            var byId = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var id in eventIds)
            {
                if (connection.QuerySingleOrDefault<long?>("SELECT sequence FROM events WHERE id = @id", new { id }) is { } position) byId[id] = position;
            }
            var positions = new List<long>();
            return new PositionedLog(Read(connection, null, null, positions, ct), positions, byId);
        }));

    private static InteractionLogReading Read(SqliteConnection connection, DateTimeOffset? from, DateTimeOffset? to, List<long>? positions, CancellationToken ct)
    {
        var catalog = ItemCatalog.Create(Items(connection, ct));
        var users = connection.Query<SqliteUserStore.Row>($"{SqliteUserStore.Select} ORDER BY ordinal", buffered: false).Select(row => row.ToUser()).ToList();
        var stored = users.Count;

        var userOrdinals = users.Select((user, at) => KeyValuePair.Create(user.Id, at)).ToDictionary(StringComparer.Ordinal);
        var usersByText = userOrdinals.GetAlternateLookup<ReadOnlySpan<char>>();

        using var select = new SqliteStatement(connection, """
            SELECT time_ms, user_id, item_id, type, value, position, device, location, sequence
            FROM events WHERE time_ms >= ? AND time_ms < ? ORDER BY time_ms, sequence
            """);
        select.Bind(1, SqliteEventStore.FirstMs(from));
        select.Bind(2, SqliteEventStore.EndMs(to));

        var events = new List<LogEvent>();
        var locations = new Dictionary<string, byte>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var devices = new Dictionary<string, byte>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var unknownItems = 0L;
        // Ids, devices and locations have at most MaxIdLength characters, and UTF-8 never has more characters than bytes.
        Span<char> text = stackalloc char[RecordRules.MaxIdLength];
        while (select.Step())
        {
            if ((events.Count & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
            if (!catalog.TryGetNumber(Decode(select.Utf8(2), text), out var item))
            {
                unknownItems++;
                continue;
            }
            var userId = Decode(select.Utf8(1), text);
            if (!usersByText.TryGetValue(userId, out var user))
            {
                user = users.Count;
                users.Add(new User { Id = userId.ToString() });
                usersByText[userId] = user;
            }
            events.Add(LogEvents.Of(
                select.Int64(0),
                user,
                item,
                (EventType)select.Int64(3),
                select.IsNull(4) ? null : select.Double(4),
                select.IsNull(5) ? null : select.Int64(5),
                Code(Decode(select.Utf8(6), text), devices, ContextCodes.Device),
                Code(Decode(select.Utf8(7), text), locations, ContextCodes.Location)));
            positions?.Add(select.Int64(8));
        }

        var log = new InteractionLog(catalog, new UserDirectory(users), [.. events]);
        var last = connection.ExecuteScalar<long?>("SELECT max(sequence) FROM events") ?? 0;
        return new InteractionLogReading(log, unknownItems, users.Count - stored) { LastPosition = last };
    }

    private static List<Item> Items(SqliteConnection connection, CancellationToken ct)
    {
        var items = new List<Item>();
        using var reader = new SqliteItemReader(connection);
        while (reader.Next() is { } item)
        {
            if ((items.Count & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
            items.Add(item);
        }
        return items;
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> utf8, Span<char> buffer) => buffer[..Encoding.UTF8.GetChars(utf8, buffer)];

    private static byte Code(ReadOnlySpan<char> name, Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> known, Func<string?, byte> codeOf)
    {
        if (name.IsEmpty) return 0;
        if (known.TryGetValue(name, out var code)) return code;
        return known[name] = codeOf(name.ToString());
    }
}
