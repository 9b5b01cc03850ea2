using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>A load in one SQLite transaction: until it commits, the main file is untouched and the log's pages count for nothing.</summary>
internal sealed class SqliteBulkLoad : IBulkLoad
{
    private readonly SqliteDatabase database;
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;
    private readonly SqliteUserWriter users;
    private readonly SqliteItemWriter items;
    private readonly SqliteEventWriter events;
    private bool committed;
    private bool disposed;

    /// <summary>The caller holds the writer's place; the load gives it back when it is disposed of.</summary>
    internal SqliteBulkLoad(SqliteDatabase database)
    {
        this.database = database;
        (connection, transaction) = Explained(() =>
        {
            var opened = database.Connect(bulk: true);
            try
            {
                // What is committed moves to the main file first; should the disk run full, the whole log can then be thrown away.
                opened.Execute("PRAGMA wal_checkpoint(PASSIVE)");
                return (opened, opened.BeginTransaction());
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        });
        users = new SqliteUserWriter(connection);
        items = new SqliteItemWriter(connection);
        events = new SqliteEventWriter(connection);
    }

    public Task AddUsersAsync(IReadOnlyCollection<User> users, CancellationToken ct = default) =>
        Task.FromResult(Explained(() =>
        {
            this.users.Write(users, ct);
            return true;
        }));

    public Task AddItemsAsync(IReadOnlyCollection<Item> items, CancellationToken ct = default) =>
        Task.FromResult(Explained(() =>
        {
            this.items.Write(items, ct);
            return true;
        }));

    public Task<IReadOnlyList<AppendOutcome>> AddEventsAsync(IReadOnlyCollection<Event> events, CancellationToken ct = default) =>
        Task.FromResult(Explained(() => (IReadOnlyList<AppendOutcome>)this.events.Write(events, ct)));

    public Task CommitAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Explained(() =>
        {
            transaction.Commit();
            committed = true;
            // A load leaves a log as large as itself; folding it into the main file now keeps later readers quick.
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize");
            return true;
        }));
    }

    public ValueTask DisposeAsync()
    {
        if (disposed) return ValueTask.CompletedTask;
        disposed = true;
        users.Dispose();
        items.Dispose();
        events.Dispose();
        transaction.Dispose();
        if (!committed) DiscardLog();
        connection.Dispose();
        database.ExitWriter();
        return ValueTask.CompletedTask;
    }

    // The pages of an abandoned load would take up disk space until the last connection closes.
    private void DiscardLog()
    {
        try
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The log is then cut by a later checkpoint; the failure that ended the load is the one to tell.
        }
    }

    private T Explained<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            return work();
        }
        catch (SqliteException failure) when (SqliteFailures.Explain(failure, database.FilePath) is { } explained)
        {
            throw explained;
        }
    }
}
