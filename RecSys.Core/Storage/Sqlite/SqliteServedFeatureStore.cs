using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dapper;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

internal sealed class SqliteServedFeatureStore(SqliteDatabase database) : IServedFeatureStore
{
    public Task AppendAsync(IReadOnlyCollection<ServedFeatures> requests, CancellationToken ct = default) => database.WriteAsync(connection =>
    {
        using var request = new SqliteStatement(connection, """
            INSERT INTO served_features
                (request_id, user_id, time_ms, feature_time_ms, model_version, catalogue_hash, device, location, log_position, last_event_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING
            """);
        // Inserts into a table without row ids leave last_insert_rowid() as it is.
        using var row = new SqliteStatement(connection, """
            INSERT INTO served_feature_rows (request, position, item_id, retrieval_score, retrieval_rank, features)
            VALUES (last_insert_rowid(), ?, ?, ?, ?, ?)
            """);
        foreach (var entry in requests)
        {
            ct.ThrowIfCancellationRequested();
            if (RecordRules.FindProblem(entry) is { } problem) throw new RecSysException($"Served features cannot be stored: {problem}.");
            Write(entry, request, row);
        }
        return true;
    }, ct);

    public async IAsyncEnumerable<ServedFeatures> ReadAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken ct = default)
    {
        // CROSS JOIN keeps SQLite from starting with the inner table, so that rows come request by request.
        const string Sql = """
            SELECT f.sequence AS Sequence, request_id AS RequestId, user_id AS UserId, time_ms AS TimeMs, feature_time_ms AS FeatureTimeMs, model_version AS ModelVersion,
                catalogue_hash AS CatalogueHash, device AS Device, location AS Location, log_position AS LogPosition, last_event_id AS LastEventId,
                item_id AS ItemId, retrieval_score AS RetrievalScore, retrieval_rank AS RetrievalRank, features AS Features
            FROM served_features f CROSS JOIN served_feature_rows r ON r.request = f.sequence
            WHERE time_ms >= @since ORDER BY f.sequence DESC, position
            """;
        using var connection = database.Connect();
        Row? head = null;
        var rows = new List<ServedFeatureRow>();
        await foreach (var row in connection.QueryUnbufferedAsync<Row>(Sql, new { since = SqliteTimes.FirstMs(since) }).WithCancellation(ct))
        {
            if (head is not null && head.Sequence != row.Sequence)
            {
                yield return head.ToRequest(rows);
                rows = [];
            }
            head = row;
            rows.Add(row.ToRow());
        }
        if (head is not null) yield return head.ToRequest(rows);
    }

    public Task<int> DeleteBeforeAsync(DateTimeOffset time, CancellationToken ct = default)
    {
        var before = new { end = SqliteTimes.EndMs(time) };
        return database.WriteAsync(connection =>
        {
            connection.Execute("DELETE FROM served_feature_rows WHERE request IN (SELECT sequence FROM served_features WHERE time_ms < @end)", before);
            return connection.Execute("DELETE FROM served_features WHERE time_ms < @end", before);
        }, ct);
    }

    private static void Write(ServedFeatures entry, SqliteStatement request, SqliteStatement row)
    {
        request.Bind(1, entry.RequestId);
        request.Bind(2, entry.UserId);
        request.Bind(3, entry.Time.ToUnixTimeMilliseconds());
        request.Bind(4, entry.FeatureTime.ToUnixTimeMilliseconds());
        request.Bind(5, entry.ModelVersion);
        request.Bind(6, entry.CatalogueHash);
        request.Bind(7, entry.Device);
        request.Bind(8, entry.Location);
        request.Bind(9, entry.Fold.LogPosition);
        request.Bind(10, entry.Fold.LastEventId);
        if (request.Execute() == 0) return;
        for (var position = 0; position < entry.Rows.Count; position++)
        {
            var (itemId, score, rank, values) = entry.Rows[position];
            row.Bind(1, position);
            row.Bind(2, itemId);
            row.Bind(3, score);
            row.Bind(4, rank);
            row.Bind(5, MemoryMarshal.AsBytes(values.AsSpan()));
            row.Execute();
        }
    }

    private sealed class Row
    {
        public long Sequence { get; init; }
        public required string RequestId { get; init; }
        public required string UserId { get; init; }
        public long TimeMs { get; init; }
        public long FeatureTimeMs { get; init; }
        public required string ModelVersion { get; init; }
        public required string CatalogueHash { get; init; }
        public string? Device { get; init; }
        public string? Location { get; init; }
        public long LogPosition { get; init; }
        public string? LastEventId { get; init; }
        public required string ItemId { get; init; }
        public double? RetrievalScore { get; init; }
        public long RetrievalRank { get; init; }
        public required byte[] Features { get; init; }

        // SQLite stores NaN as NULL.
        internal ServedFeatureRow ToRow() =>
            new(ItemId, RetrievalScore is { } score ? (float)score : float.NaN, (int)RetrievalRank, MemoryMarshal.Cast<byte, float>(Features).ToArray());

        internal ServedFeatures ToRequest(IReadOnlyList<ServedFeatureRow> rows) => new()
        {
            RequestId = RequestId,
            UserId = UserId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(TimeMs),
            FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(FeatureTimeMs),
            ModelVersion = ModelVersion,
            CatalogueHash = CatalogueHash,
            Device = Device,
            Location = Location,
            Fold = new FoldMark(LogPosition, LastEventId),
            Rows = rows,
        };
    }
}
