using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The file of served records, <c>served.db</c> in the data folder; made when it is missing, since all it holds has an end anyway.
/// </summary>
internal sealed class SqliteServedFile : IAsyncDisposable
{
    internal const string FileName = "served.db";

    // "RCSV"; the version of the schema stands beside it in the header.
    private const long ApplicationId = 0x52435356;
    private const long SchemaVersion = 2;
    private const string Schema = """
        CREATE TABLE served_records (
            sequence    INTEGER PRIMARY KEY,
            request_id  TEXT NOT NULL UNIQUE,
            user_id     TEXT NOT NULL,
            time_ms     INTEGER NOT NULL,
            settled     INTEGER NOT NULL,
            record      BLOB NOT NULL
        ) STRICT;
        CREATE INDEX served_by_user ON served_records (user_id, time_ms);
        CREATE INDEX served_by_time ON served_records (time_ms);
        CREATE INDEX served_unsettled ON served_records (time_ms) WHERE settled = 0;
        """;

    // Since version 2, one row: the last place ever given, so that what is stored after the last records were deleted has new ones.
    private const string EndSchema = """
        CREATE TABLE served_end (sequence INTEGER NOT NULL) STRICT;
        INSERT INTO served_end VALUES ((SELECT coalesce(max(sequence), 0) FROM served_records));
        """;

    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly Lock opening = new();
    private readonly string path;
    private readonly string connectionString;
    private bool ready;

    internal SqliteServedFile(string folder)
    {
        path = Path.Combine(folder, FileName);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ToString();
    }

    internal T Read<T>(Func<SqliteConnection, T> work) => SqliteFailures.Explained(path, () =>
    {
        using var connection = Connect();
        return work(connection);
    });

    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        await writer.WaitAsync(ct);
        try
        {
            return SqliteFailures.Explained(path, () =>
            {
                using var connection = Connect();
                using var transaction = connection.BeginTransaction();
                var result = work(connection);
                transaction.Commit();
                return result;
            });
        }
        finally
        {
            writer.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            // Pooled connections would go on with a file that somebody has deleted.
            if (ready && !File.Exists(path)) SqliteConnection.ClearPool(connection);
            connection.Open();
            // NORMAL: a power failure may cost the records of the last moments, never the file.
            connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384");
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare(SqliteConnection connection)
    {
        lock (opening)
        {
            if (ready && File.Exists(path)) return;
            connection.Execute("PRAGMA journal_mode = WAL");
            using var transaction = connection.BeginTransaction();
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0)
            {
                connection.Execute(Schema + EndSchema);
                connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}");
            }
            else if (connection.ExecuteScalar<long>("PRAGMA application_id") != ApplicationId)
            {
                throw new RecSysException($"{path} is a database of another program. Move it away or choose another data folder.");
            }
            else if (connection.ExecuteScalar<long>("PRAGMA user_version") is var version && version > SchemaVersion)
            {
                throw new RecSysException(
                    $"{path} was written by a newer version of RecSys (schema {version}). Use that version, or another data folder.");
            }
            else if (version < SchemaVersion)
            {
                connection.Execute($"{EndSchema} PRAGMA user_version = {SchemaVersion}");
            }
            transaction.Commit();
            ready = true;
        }
    }
}
