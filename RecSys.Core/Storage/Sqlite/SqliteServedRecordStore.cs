using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Served records in a file of their own beside the log, so that neither waits for the other's writes.</summary>
internal sealed class SqliteServedRecordStore(SqliteDatabase database, SqliteServedFile file) : IServedRecordStore
{
    private const int PageSize = 200;
    private const int DeletedAtOnce = 1_000;
    private const string Select = "SELECT sequence, request_id, user_id, time_ms, record FROM served_records";

    public Task AppendAsync(IReadOnlyList<ServedRecord> records, CancellationToken ct = default)
    {
        var erased = ErasedOf(records.Select(record => record.UserId));
        return file.WriteAsync(connection =>
        {
            using var insert = new SqliteStatement(connection, """
                INSERT INTO served_records (sequence, request_id, user_id, time_ms, settled, record)
                    VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT (request_id) DO NOTHING
                """);
            var sequence = End(connection);
            var writer = new PayloadWriter();
            foreach (var record in records)
            {
                ct.ThrowIfCancellationRequested();
                if (RecordRules.FindProblem(record) is { } problem)
                    throw new RecSysException($"A served record cannot be stored: {problem}.");
                if (erased.Contains(record.UserId)) continue;
                writer.Clear();
                ServedRecordPayload.Write(writer, record);
                insert.Bind(1, ++sequence);
                insert.Bind(2, record.RequestId);
                insert.Bind(3, record.UserId);
                insert.Bind(4, record.Time.ToUnixTimeMilliseconds());
                insert.Bind(5, writer.Written);
                insert.Execute();
            }
            connection.Execute("UPDATE served_end SET sequence = @sequence", new { sequence });
            return true;
        }, ct);
    }

    public Task<ServedRecord?> GetAsync(string requestId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(file.Read(connection => Page(connection, "WHERE request_id = ?", select => select.Bind(1, requestId)))
            .Select(row => row.Record).SingleOrDefault());
    }

    public Task<StoredServedRecord?> FindAsync(string requestId, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(file.Read(connection => Page(connection, "WHERE request_id = ?", select => select.Bind(1, requestId)))
            .Select(row => new StoredServedRecord(row.Sequence, row.Record)).SingleOrDefault());
    }

    public Task<IReadOnlyList<StoredServedRecord>> ReadAfterAsync(long sequence, int most, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var page = file.Read(connection => Page(connection, "WHERE sequence > ? ORDER BY sequence LIMIT ?", select =>
        {
            select.Bind(1, sequence);
            select.Bind(2, most);
        }));
        return Task.FromResult<IReadOnlyList<StoredServedRecord>>(
            [.. page.Select(row => new StoredServedRecord(row.Sequence, row.Record))]);
    }

    public Task<long> ReadEndAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(file.Read(End));
    }

    public Task<bool> HasImpressionAsync(ServedRecord record, long position, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        // By the user, for whom there is an index; a user's events are some hundred.
        return Task.FromResult(database.Read(connection => connection.ExecuteScalar<long>(
            """
            SELECT EXISTS (SELECT 1 FROM log WHERE user_id = @user AND kind = @kind AND request_id = @request AND type = @type
                AND (meaning IS NULL OR meaning <> @undo) AND position <= @position)
            """,
            new
            {
                user = record.UserId, kind = (int)LogKind.Event, request = record.RequestId, type = (int)EventType.Impression,
                undo = (int)EventMeaning.Undo, position,
            }) != 0));
    }

    public async IAsyncEnumerable<ServedRecord> ReadAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await Task.CompletedTask;
        var before = long.MaxValue;
        var from = WholeMs.First(since);
        var first = file.Read(connection =>
            connection.ExecuteScalar<long?>("SELECT min(sequence) FROM served_records WHERE time_ms >= @from", new { from }));
        while (first is not null)
        {
            ct.ThrowIfCancellationRequested();
            var last = before;
            // The + keeps SQLite from the index on times, which would have to sort.
            var page = file.Read(connection =>
                Page(connection, "WHERE sequence < ? AND sequence >= ? AND +time_ms >= ? ORDER BY sequence DESC LIMIT ?", select =>
            {
                select.Bind(1, last);
                select.Bind(2, first);
                select.Bind(3, from);
                select.Bind(4, PageSize);
            }));
            foreach (var (_, record) in page) yield return record;
            if (page.Count < PageSize) yield break;
            before = page[^1].Sequence;
        }
    }

    public async IAsyncEnumerable<ServedRecord> ReadBetweenAsync(DateTimeOffset? from, DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        await Task.CompletedTask;
        var (after, sequence) = (WholeMs.First(from), long.MinValue);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (time, last) = (after, sequence);
            var page = file.Read(connection => Page(connection, """
                WHERE time_ms < ? AND (time_ms, sequence) > (?, ?) ORDER BY time_ms, sequence LIMIT ?
                """, select =>
            {
                select.Bind(1, WholeMs.End(to));
                select.Bind(2, time);
                select.Bind(3, last);
                select.Bind(4, PageSize);
            }));
            foreach (var (_, record) in page) yield return record;
            if (page.Count < PageSize) yield break;
            (after, sequence) = (page[^1].Record.Time.ToUnixTimeMilliseconds(), page[^1].Sequence);
        }
    }

    public async IAsyncEnumerable<ServedRecord> ReadUserAsync(string userId, DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        await Task.CompletedTask;
        var (before, sequence) = (long.MaxValue, long.MaxValue);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (time, last) = (before, sequence);
            var page = file.Read(connection => Page(connection, """
                WHERE user_id = ? AND time_ms >= ? AND (time_ms, sequence) < (?, ?) ORDER BY time_ms DESC, sequence DESC LIMIT ?
                """, select =>
            {
                select.Bind(1, userId);
                select.Bind(2, WholeMs.First(since));
                select.Bind(3, time);
                select.Bind(4, last);
                select.Bind(5, PageSize);
            }));
            foreach (var (_, record) in page) yield return record;
            if (page.Count < PageSize) yield break;
            (before, sequence) = (page[^1].Record.Time.ToUnixTimeMilliseconds(), page[^1].Sequence);
        }
    }

    public async Task<IReadOnlyList<ServedRecord>> ReadUnreportedAsync(DateTimeOffset servedBefore, int most,
        CancellationToken ct = default)
    {
        var unreported = new List<ServedRecord>();
        var (after, sequence) = (long.MinValue, long.MinValue);
        while (unreported.Count < most)
        {
            ct.ThrowIfCancellationRequested();
            var (time, last) = (after, sequence);
            var page = file.Read(connection => Page(connection, """
                WHERE settled = 0 AND time_ms < ? AND (time_ms, sequence) > (?, ?) ORDER BY time_ms, sequence LIMIT ?
                """, select =>
            {
                select.Bind(1, WholeMs.End(servedBefore));
                select.Bind(2, time);
                select.Bind(3, last);
                select.Bind(4, PageSize);
            }));
            if (page.Count == 0) break;
            var reported = ReportedOf(page.Select(row => row.Record.RequestId));
            await SettleAsync([.. page.Where(row => reported.Contains(row.Record.RequestId)).Select(row => row.Sequence)], ct);
            unreported.AddRange(page.Where(row => !reported.Contains(row.Record.RequestId)).Select(row => row.Record)
                .Take(most - unreported.Count));
            (after, sequence) = (page[^1].Record.Time.ToUnixTimeMilliseconds(), page[^1].Sequence);
        }
        return unreported;
    }

    public async Task<long> DeleteAsync(DateTimeOffset time, long most, CancellationToken ct = default)
    {
        var deleted = await DeleteAsync("SELECT sequence FROM served_records WHERE time_ms < @end LIMIT @step",
            new { end = WholeMs.End(time), step = DeletedAtOnce }, long.MaxValue, ct);
        var left = file.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM served_records"));
        return deleted
            + await DeleteAsync("SELECT sequence FROM served_records ORDER BY time_ms, sequence LIMIT @step", null, left - most, ct);
    }

    /// <summary>Deletes the records of an erased user.</summary>
    internal Task DeleteUserAsync(string userId, CancellationToken ct) =>
        DeleteAsync("SELECT sequence FROM served_records WHERE user_id = @userId LIMIT @step", new { userId, step = DeletedAtOnce },
            long.MaxValue, ct);

    // In steps, so that whoever wants to store records waits for no more than one.
    private async Task<long> DeleteAsync(string which, object? parameters, long most, CancellationToken ct)
    {
        var deleted = 0L;
        while (deleted < most)
        {
            var step = Math.Min(DeletedAtOnce, most - deleted);
            var count = await file.WriteAsync(connection =>
                connection.Execute($"DELETE FROM served_records WHERE sequence IN ({which})", parameters ?? new { step }), ct);
            deleted += count;
            if (count < step) break;
        }
        return deleted;
    }

    private Task SettleAsync(IReadOnlyList<long> sequences, CancellationToken ct)
    {
        if (sequences.Count == 0) return Task.CompletedTask;
        return file.WriteAsync(connection =>
        {
            using var settle = new SqliteStatement(connection, "UPDATE served_records SET settled = 1 WHERE sequence = ?");
            foreach (var sequence in sequences)
            {
                settle.Bind(1, sequence);
                settle.Execute();
            }
            return true;
        }, ct);
    }

    private static long End(SqliteConnection connection) => connection.ExecuteScalar<long>("SELECT sequence FROM served_end");

    private HashSet<string> ErasedOf(IEnumerable<string> users) => Found("SELECT 1 FROM erased WHERE id = ?", users);

    private HashSet<string> ReportedOf(IEnumerable<string> requests) => Found("SELECT 1 FROM reported WHERE request_id = ?", requests);

    private HashSet<string> Found(string sql, IEnumerable<string> keys) => database.Read(connection =>
    {
        using var select = new SqliteStatement(connection, sql);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            select.Reset();
            select.Bind(1, key);
            if (select.Step()) found.Add(key);
        }
        return found;
    });

    private static List<(long Sequence, ServedRecord Record)> Page(SqliteConnection connection, string where, Action<SqliteStatement> bind)
    {
        using var select = new SqliteStatement(connection, $"{Select} {where}");
        bind(select);
        var shared = new SharedTexts();
        var page = new List<(long, ServedRecord)>();
        while (select.Step())
            page.Add((select.Int64(0),
                ServedRecordPayload.Read(select.Text(1)!, select.Text(2)!, select.Int64(3), select.Utf8(4), shared)));
        return page;
    }
}
