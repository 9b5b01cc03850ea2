using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The stores over one SQLite file, <c>recsys.db</c> in the data folder. Readers never wait for writers (write-ahead log);
/// writers queue, within the process in the order they came. What is committed survives a power failure.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    /// <summary>Name of the database file within the data folder.</summary>
    public const string FileName = "recsys.db";

    private static readonly TimeSpan WriterWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly string pooled;
    private readonly string separate;

    private SqliteDatabase(string dataFolder)
    {
        FilePath = Path.Combine(dataFolder, FileName);
        DataFolder = dataFolder;
        var builder = new SqliteConnectionStringBuilder { DataSource = FilePath, DefaultTimeout = 10 };
        pooled = builder.ToString();
        separate = new SqliteConnectionStringBuilder(pooled) { Pooling = false }.ToString();
        Users = new SqliteUserStore(this);
        Items = new SqliteItemStore(this);
        Events = new SqliteEventStore(this);
        ServedLists = new SqliteServedListStore(this);
        ServedFeatures = new SqliteServedFeatureStore(this);
        Log = new SqliteInteractionLogReader(this);
        Bulk = new SqliteBulkLoader(this);
    }

    public string DataFolder { get; }

    /// <summary>Full path of the database file.</summary>
    public string FilePath { get; }

    public IUserStore Users { get; }
    public IItemStore Items { get; }
    public IEventStore Events { get; }
    public IServedListStore ServedLists { get; }
    public IServedFeatureStore ServedFeatures { get; }
    public IInteractionLogReader Log { get; }
    public IBulkLoader Bulk { get; }

    /// <summary>Opens the database of the folder; folder and file are created when missing and the schema is brought up to date.</summary>
    /// <exception cref="RecSysException">The folder cannot be used, or the file is no database of this or an earlier version.</exception>
    public static SqliteDatabase Open(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"The data folder {folder} cannot be created: {failure.Message} Choose another one.", failure);
        }

        var database = new SqliteDatabase(folder);
        try
        {
            using var connection = database.Connect();
            connection.Execute("PRAGMA journal_mode = WAL");
            SqliteMigrations.Apply(connection, database.FilePath);
            return database;
        }
        catch (SqliteException failure) when (SqliteFailures.Explain(failure, database.FilePath) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc cref="Open"/>
    public static Task<SqliteDatabase> OpenAsync(string dataFolder, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Open(dataFolder));
    }

    /// <summary>As <see cref="OpenAsync"/>, for work that needs data: creates nothing.</summary>
    /// <exception cref="RecSysException">The folder holds no database, or one that cannot be used.</exception>
    public static Task<SqliteDatabase> OpenExistingAsync(string dataFolder, CancellationToken ct = default)
    {
        if (!File.Exists(Path.Combine(dataFolder, FileName)))
            throw new RecSysException($"No data in {Path.GetFullPath(dataFolder)}; import something first: import movielens <directory> --data {dataFolder}");
        return OpenAsync(dataFolder, ct);
    }

    /// <summary>Closes the pooled connections, so that the files can be moved or deleted.</summary>
    public ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(pooled);
        SqliteConnection.ClearPool(connection);
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An open connection for the caller to dispose of.</summary>
    /// <param name="bulk">A connection of its own with a cache large enough to keep the indexes of a load in memory.</param>
    internal SqliteConnection Connect(bool bulk = false)
    {
        var connection = new SqliteConnection(bulk ? separate : pooled);
        try
        {
            connection.Open();
            // FULL, because NORMAL may lose the last commits of a write-ahead log when the power fails. Negative sizes are KiB.
            connection.Execute($"PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA cache_size = {(bulk ? -262144 : -32768)}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs reading work on a connection of its own.</summary>
    internal T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = Connect();
            return work(connection);
        }
        catch (SqliteException failure) when (SqliteFailures.Explain(failure, FilePath) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Runs work as the only writer, in a transaction that commits when the work returns and is rolled back when it throws.</summary>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        await EnterWriterAsync(ct);
        try
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction();
            var result = work(connection);
            transaction.Commit();
            return result;
        }
        catch (SqliteException failure) when (SqliteFailures.Explain(failure, FilePath) is { } explained)
        {
            throw explained;
        }
        finally
        {
            ExitWriter();
        }
    }

    internal async Task EnterWriterAsync(CancellationToken ct)
    {
        if (!await writer.WaitAsync(WriterWait, ct))
            throw new RecSysException($"The database {FilePath} is busy with an import. Try again when that has finished.");
    }

    internal void ExitWriter() => writer.Release();
}
