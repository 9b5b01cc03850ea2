using System.Runtime.CompilerServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteServedListStore(SqliteDatabase database) : IServedListStore
{
    private const string Select = """
        SELECT request_id AS RequestId, user_id AS UserId, time_ms AS TimeMs, model_version AS ModelVersion, variant AS Variant,
            degraded AS Degraded, latency_ms AS LatencyMs, device AS Device, location AS Location, items AS Items FROM served_lists
        """;

    public Task AppendAsync(IReadOnlyCollection<ServedList> lists, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var insert = new SqliteStatement(connection, """
            INSERT INTO served_lists (request_id, user_id, time_ms, model_version, variant, degraded, latency_ms, device, location, items)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING
            """);
        foreach (var list in lists)
        {
            ct.ThrowIfCancellationRequested();
            if (RecordRules.FindProblem(list) is { } problem) throw new RecSysException($"A served list cannot be stored: {problem}.");
            insert.Bind(1, list.RequestId);
            insert.Bind(2, list.UserId);
            insert.Bind(3, list.Time.ToUnixTimeMilliseconds());
            insert.Bind(4, list.ModelVersion);
            insert.Bind(5, list.Variant);
            insert.Bind(6, SqliteJson.OfList(list.Degraded));
            insert.Bind(7, list.LatencyMs);
            insert.Bind(8, list.Device);
            insert.Bind(9, list.Location);
            insert.Bind(10, SqliteJson.Of(list.Items));
            insert.Execute();
        }
        return true;
    }, ct);

    public Task<ServedList?> GetAsync(string requestId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
            connection.QuerySingleOrDefault<Row>($"{Select} WHERE request_id = @requestId", new { requestId })?.ToServedList()));
    }

    public async IAsyncEnumerable<ServedList> ReadUserAsync(string userId, DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var connection = database.Connect();
        var rows = connection.QueryUnbufferedAsync<Row>(
            $"{Select} WHERE user_id = @userId AND time_ms >= @since ORDER BY time_ms DESC, sequence DESC",
            new { userId, since = SqliteTimes.FirstMs(since) });
        await foreach (var row in rows.WithCancellation(ct)) yield return row.ToServedList();
    }

    private sealed class Row
    {
        public required string RequestId { get; init; }
        public required string UserId { get; init; }
        public long TimeMs { get; init; }
        public required string ModelVersion { get; init; }
        public required string Variant { get; init; }
        public string? Degraded { get; init; }
        public double LatencyMs { get; init; }
        public string? Device { get; init; }
        public string? Location { get; init; }
        public required string Items { get; init; }

        internal ServedList ToServedList() => new()
        {
            RequestId = RequestId,
            UserId = UserId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(TimeMs),
            ModelVersion = ModelVersion,
            Variant = Variant,
            Degraded = SqliteJson.ToList(Degraded),
            LatencyMs = LatencyMs,
            Device = Device,
            Location = Location,
            Items = SqliteJson.To<ServedListItem[]>(Items),
        };
    }
}
