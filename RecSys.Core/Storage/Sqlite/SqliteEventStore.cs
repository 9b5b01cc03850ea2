using System.Runtime.CompilerServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteEventStore(SqliteDatabase database) : IEventStore
{
    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyCollection<Event> events, CancellationToken ct = default)
    {
        if (events.Count == 0) return [];
        return await database.WriteAsync(connection =>
        {
            using var writer = new SqliteEventWriter(connection);
            return writer.Write(events, ct);
        }, ct);
    }

    public async IAsyncEnumerable<Event> ReadAsync(DateTimeOffset? from, DateTimeOffset? to, [EnumeratorCancellation] CancellationToken ct = default)
    {
        // The index on the time holds the sequence behind it, so the order costs nothing.
        const string Sql = """
            SELECT id AS Id, user_id AS UserId, item_id AS ItemId, type AS Type, time_ms AS TimeMs, value AS Value, position AS Position,
                request_id AS RequestId, device AS Device, location AS Location
            FROM events WHERE time_ms >= @from AND time_ms < @to ORDER BY time_ms, sequence
            """;
        using var connection = database.Connect();
        var window = new { from = FirstMs(from), to = EndMs(to) };
        await foreach (var row in connection.QueryUnbufferedAsync<Row>(Sql, window).WithCancellation(ct)) yield return row.ToEvent();
    }

    public Task<EventSpan?> GetSpanAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
        {
            // Two look-ups at the ends of the index; min and max in one query would scan all of it.
            var (first, last, count) = connection.QuerySingle<(long? First, long? Last, long Count)>(
                "SELECT (SELECT min(time_ms) FROM events), (SELECT max(time_ms) FROM events), (SELECT count(*) FROM events)");
            return first is null || last is null
                ? null
                : new EventSpan(DateTimeOffset.FromUnixTimeMilliseconds(first.Value), DateTimeOffset.FromUnixTimeMilliseconds(last.Value), count);
        }));
    }

    public Task<long> CountAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM events")));
    }

    /// <summary>The first stored millisecond that is not before <paramref name="from"/>.</summary>
    internal static long FirstMs(DateTimeOffset? from) => from is { } time ? CeilingMs(time) : long.MinValue;

    /// <summary>The first stored millisecond that is outside a window that ends at <paramref name="to"/>.</summary>
    internal static long EndMs(DateTimeOffset? to) => to is { } time ? CeilingMs(time) : long.MaxValue;

    private static long CeilingMs(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);

    private sealed class Row
    {
        public required string Id { get; init; }
        public required string UserId { get; init; }
        public required string ItemId { get; init; }
        public long Type { get; init; }
        public long TimeMs { get; init; }
        public double? Value { get; init; }
        public long? Position { get; init; }
        public string? RequestId { get; init; }
        public string? Device { get; init; }
        public string? Location { get; init; }

        internal Event ToEvent() => new()
        {
            Id = Id,
            UserId = UserId,
            ItemId = ItemId,
            Type = (EventType)Type,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(TimeMs),
            Value = Value,
            Position = (int?)Position,
            RequestId = RequestId,
            Device = Device,
            Location = Location,
        };
    }
}
