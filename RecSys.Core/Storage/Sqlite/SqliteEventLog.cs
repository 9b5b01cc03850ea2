using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The log in SQLite: one long-lived writing connection, one transaction per append, forced to disk before it counts as done. Other
/// processes may append to the same file; <see cref="ReadHeadAsync"/> sees what they committed.
/// </summary>
internal sealed class SqliteEventLog(SqliteDatabase database, TimeProvider clock, LogLimits limits)
    : IEventLog, IEventImport, IAsyncDisposable
{
    // Readers give their snapshot back after so many entries, so that the write-ahead log can be cut meanwhile.
    private const int PageSize = 2_000;
    private const int EntriesPerStrip = 2_000;
    private static readonly TimeSpan ResolverPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ResolverGone = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource closing = new();
    private SqliteLogWriter? writer;
    private Task stripping = Task.CompletedTask;

    public Task<LogAppend> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default) =>
        AppendAsync(changes, imported: false, ct);

    public Task<LogAppend> ImportAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default) =>
        AppendAsync(changes, imported: true, ct);

    public async Task<IAsyncDisposable> WithoutUserIndexAsync(CancellationToken ct = default)
    {
        // Another import that leaves it out makes it, too, and whoever is last finds it made.
        var held = SqliteUserIndex.TryHold(database.DataFolder);
        try
        {
            await WriteAsync(log => log.DropUserIndex(), ct);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
        return new UserIndexGap(this, held);
    }

    public async IAsyncEnumerable<LogEntry> ReadAfterAsync(long position, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var end = (await ReadHeadAsync(ct)).Position;
        var shared = new SharedTexts();
        while (position < end)
        {
            ct.ThrowIfCancellationRequested();
            var page = database.Read(connection => ReadPage(connection, position, end, shared));
            if (page.Count == 0)
                throw new RecSysException(
                    $"The log of {database.FilePath} ends at {position} instead of {end}, so it is damaged. Restore it from a backup.");
            foreach (var entry in page) yield return entry;
            position = page[^1].Position;
        }
    }

    public Task<LogHead> ReadHeadAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(connection =>
        {
            using var head = new SqliteLogHead(connection);
            head.Read();
            return head.ToHead();
        }));
    }

    public Task<bool> RecordAsync(
        long expected, long resolved, IReadOnlyList<(long Position, Contribution Contribution)> contributions,
        CancellationToken ct = default) =>
        WriteAsync(log => log.Record(expected, resolved, contributions), ct);

    /// <inheritdoc cref="SqliteLogWriter.StartEpoch"/>
    internal Task<long> StartEpochAsync(CancellationToken ct = default) => WriteAsync(log => log.StartEpoch(), ct);

    /// <summary>
    /// Completes when the entries, states and records of all erased users have been stripped; goes on where a process before this one
    /// stopped.
    /// </summary>
    internal async Task StripAsync(CancellationToken ct)
    {
        var resolving = true;
        while (await WriteAsync(log => log.NextPending(), ct) is var (user, erased))
        {
            resolving = resolving && await IsResolvedAsync(erased, ct);
            // One step at a time, so that posts wait for no more than that.
            while (await WriteAsync(log => log.Strip(user, EntriesPerStrip), ct))
            {
            }
            await database.Served.DeleteUserAsync(user, ct);
            await WriteAsync(log =>
            {
                log.FinishErasure(user);
                return true;
            }, ct);
        }
    }

    // What an event contributed is told by its user's state: it must be recorded before the subject goes, or a restart would resolve the
    // event anew, as nobody's. So this waits while the resolver gets on; false where nobody resolves, as after a restore.
    private async Task<bool> IsResolvedAsync(long position, CancellationToken ct)
    {
        var (last, still) = (0L, TimeSpan.Zero);
        while (still < ResolverGone)
        {
            var resolved = (await ReadHeadAsync(ct)).Resolved;
            if (resolved >= position) return true;
            if (resolved == 0) return false;
            still = resolved > last ? TimeSpan.Zero : still + ResolverPoll;
            last = resolved;
            await Task.Delay(ResolverPoll, ct);
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        await closing.CancelAsync();
        await stripping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        writer?.Dispose();
    }

    private async Task<LogAppend> AppendAsync(IReadOnlyList<LogChange> changes, bool imported, CancellationToken ct)
    {
        if (changes.Count == 0) return new LogAppend([], []);
        var appended = await WriteAsync(log => log.Append(changes, imported, ct), ct);
        if (appended.Entries.Any(entry => entry.Change is UserErasure) && stripping.IsCompleted) stripping = StripInBackgroundAsync();
        return appended;
    }

    private async Task StripInBackgroundAsync()
    {
        try
        {
            await StripAsync(closing.Token);
        }
        catch (Exception failure) when (failure is RecSysException or OperationCanceledException)
        {
            // What is left is marked in the database: the next erasure, or the next start, goes on with it.
        }
    }

    private async Task<T> WriteAsync<T>(Func<SqliteLogWriter, T> work, CancellationToken ct)
    {
        await database.EnterWriterAsync(ct);
        try
        {
            writer ??= new SqliteLogWriter(database.ConnectWriter(), clock, limits);
            database.CheckFile();
            return work(writer);
        }
        catch (Exception failure)
        {
            // A statement may be left in the middle of its rows; a fresh connection knows nothing of that.
            writer?.Dispose();
            writer = null;
            if (failure is SqliteException sqlite && SqliteFailures.Explain(sqlite, database.FilePath) is { } explained) throw explained;
            throw;
        }
        finally
        {
            database.ExitWriter();
        }
    }

    // Also of an import that was cancelled.
    private sealed class UserIndexGap(SqliteEventLog log, FileStream? held) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // Let go even where it cannot be made, so that the next opening does.
            await using (held) await log.WriteAsync(writer => writer.BuildUserIndex(), CancellationToken.None);
        }
    }

    private static List<LogEntry> ReadPage(SqliteConnection connection, long position, long end, SharedTexts shared)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var resolved = connection.ExecuteScalar<long>("SELECT resolved FROM log_head WHERE id = 1");
        using var rows =
            new SqliteLogRows(connection, "WHERE log.position > ? AND log.position <= ? ORDER BY log.position LIMIT ?", resolved, shared);
        rows.Parameters.Bind(1, position);
        rows.Parameters.Bind(2, end);
        rows.Parameters.Bind(3, PageSize);
        var page = new List<LogEntry>();
        while (rows.Next() is { } entry) page.Add(entry);
        return page;
    }
}
