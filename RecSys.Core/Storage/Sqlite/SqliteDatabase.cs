using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The stores over one SQLite file, <c>recsys.db</c> in the data folder, and one for served records beside it. Readers never wait for
/// writers (write-ahead log); writers queue, within the process in the order they came. What is committed survives a power failure.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    /// <summary>Name of the database file within the data folder.</summary>
    public const string FileName = "recsys.db";

    private static readonly TimeSpan WriterWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly SqliteEventLog log;
    private readonly SqliteServedFile servedFile;
    private readonly string pooled;
    private readonly string separate;

    private SqliteDatabase(string dataFolder, TimeProvider clock, LogLimits limits)
    {
        FilePath = Path.Combine(dataFolder, FileName);
        DataFolder = dataFolder;
        // ReadWrite: a file that somebody deleted is missed, not silently made anew.
        var builder = new SqliteConnectionStringBuilder { DataSource = FilePath, DefaultTimeout = 10, Mode = SqliteOpenMode.ReadWrite };
        pooled = builder.ToString();
        separate = new SqliteConnectionStringBuilder(pooled) { Pooling = false }.ToString();
        servedFile = new SqliteServedFile(dataFolder);
        Served = new SqliteServedRecordStore(this, servedFile);
        log = new SqliteEventLog(this, clock, limits);
        Contents = new SqliteLogContentReader(this);
        UserStates = new SqliteUserStateStore(this);
        DeadLetters = new SqliteDeadLetters(this, limits);
        Survey = new SqliteDataSurvey(this);
        Archive = new SqliteUserArchive(this);
        Models = new SqliteModelStates(this, clock);
        Leases = new SqliteLeases(this, clock);
        Log = new SqliteInteractionLogReader(this);
    }

    public string DataFolder { get; }

    /// <summary>Full path of the database file.</summary>
    public string FilePath { get; }

    public IEventLog EventLog => log;
    public IEventImport Import => log;
    public ILogContents Contents { get; }
    public IServedRecordStore ServedRecords => Served;
    public IUserStateStore UserStates { get; }
    public IDeadLetters DeadLetters { get; }
    public IDataSurvey Survey { get; }
    public IUserArchive Archive { get; }
    public IModelStates Models { get; }
    public ILeases Leases { get; }
    public IInteractionLogReader Log { get; }

    internal SqliteServedRecordStore Served { get; }

    /// <summary>
    /// Most pages that the log's file may have, for tests of a full disk; 0 for as many as fit. Holds from the next opening of the writer,
    /// as after every failure.
    /// </summary>
    internal int MostPages { get; set; }

    /// <summary>Opens the database of the folder; folder and file are created when missing and the schema is brought up to date.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="clock">Gives the times of receipt; null for the machine's.</param>
    /// <param name="limits">Null for the defaults.</param>
    /// <exception cref="RecSysException">The folder cannot be used, or the file is no database of this or an earlier version.</exception>
    public static SqliteDatabase Open(string dataFolder, TimeProvider? clock = null, LogLimits? limits = null)
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

        clock ??= TimeProvider.System;
        var database = new SqliteDatabase(folder, clock, limits ?? new LogLimits());
        return SqliteFailures.Explained(database.FilePath, () =>
        {
            using var connection = database.Connect(create: true);
            connection.Execute("PRAGMA journal_mode = WAL");
            SqliteMigrations.Apply(connection, database.FilePath, clock);
            SqliteUserIndex.Restore(connection, folder);
            return database;
        });
    }

    /// <inheritdoc cref="Open"/>
    public static Task<SqliteDatabase> OpenAsync(string dataFolder, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Open(dataFolder));
    }

    /// <summary>As <see cref="OpenAsync"/>, for work that needs data: creates nothing.</summary>
    /// <exception cref="RecSysException">The folder holds no database, an empty one, or one that cannot be used.</exception>
    public static Task<SqliteDatabase> OpenExistingAsync(string dataFolder, CancellationToken ct = default) =>
        OpenExistingAsync(dataFolder, new LogLimits(), clock: null, ct);

    /// <inheritdoc cref="OpenExistingAsync(string, CancellationToken)"/>
    public static async Task<SqliteDatabase> OpenExistingAsync(
        string dataFolder, LogLimits limits, TimeProvider? clock, CancellationToken ct)
    {
        var path = Path.Combine(dataFolder, FileName);
        var nothing =
            $"No data in {Path.GetFullPath(dataFolder)}; import something first, such as: "
                + $"import csv items <file> --data {dataFolder} (import --help names all formats)";
        if (!File.Exists(path) || new FileInfo(path).Length == 0) throw new RecSysException(nothing);
        ct.ThrowIfCancellationRequested();
        var database = Open(dataFolder, clock, limits);
        if (await database.EventLog.ReadHeadAsync(ct) is { Position: > 0 } || (await database.Contents.CountAsync(ct)).Parked > 0)
            return database;
        await database.DisposeAsync();
        throw new RecSysException(nothing);
    }

    /// <summary>Takes the subject out of what is still stored of erased users; call it after the start.</summary>
    public Task FinishErasuresAsync(CancellationToken ct = default) => log.StripAsync(ct);

    /// <inheritdoc cref="SqliteEventLog.StartEpochAsync"/>
    internal Task<long> StartEpochAsync(CancellationToken ct) => log.StartEpochAsync(ct);

    /// <summary>Closes the connections, so that the files can be moved or deleted.</summary>
    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        await servedFile.DisposeAsync();
        await using var connection = new SqliteConnection(pooled);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>An open connection for the caller to dispose of.</summary>
    /// <param name="create">A connection of its own that makes the file when it is missing.</param>
    internal SqliteConnection Connect(bool create = false)
    {
        var connection = new SqliteConnection(create
            ? new SqliteConnectionStringBuilder(separate) { Mode = SqliteOpenMode.ReadWriteCreate }.ToString() : pooled);
        // Pooled connections would go on with a file that somebody has deleted.
        if (!create && !File.Exists(FilePath)) SqliteConnection.ClearPool(connection);
        return Opened(connection, cacheKiB: 32_768);
    }

    /// <summary>The connection of the log's writer: of its own, with a cache that keeps the upper pages of its indexes in memory.</summary>
    internal SqliteConnection ConnectWriter()
    {
        var connection = Opened(new SqliteConnection(separate), cacheKiB: 131_072);
        connection.Execute("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864");
        if (MostPages > 0) connection.Execute($"PRAGMA max_page_count = {MostPages}");
        return connection;
    }

    /// <summary>Refuses to write when the file is gone: what would be written to it is lost.</summary>
    internal void CheckFile()
    {
        // With a cause: the store fails, not what is to be written.
        if (!File.Exists(FilePath))
            throw new RecSysException($"The database {FilePath} is gone. Stop the program and restore the data folder from a backup.",
                new FileNotFoundException(null, FilePath));
    }

    /// <summary>Runs reading work on a connection of its own.</summary>
    internal T Read<T>(Func<SqliteConnection, T> work) => SqliteFailures.Explained(FilePath, () =>
    {
        using var connection = Connect();
        return work(connection);
    });

    /// <summary>
    /// Runs work as the only writer, in a transaction that commits when the work returns and is rolled back when it throws.
    /// </summary>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        await EnterWriterAsync(ct);
        try
        {
            return SqliteFailures.Explained(FilePath, () =>
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
            ExitWriter();
        }
    }

    internal async Task EnterWriterAsync(CancellationToken ct)
    {
        if (!await writer.WaitAsync(WriterWait, ct))
            throw new RecSysException($"The database {FilePath} is busy with another writer. Try again when that has finished.",
                new TimeoutException());
    }

    internal void ExitWriter() => writer.Release();

    private static SqliteConnection Opened(SqliteConnection connection, int cacheKiB)
    {
        try
        {
            connection.Open();
            // FULL, because NORMAL may lose the last commits of a write-ahead log when the power fails. Negative sizes are KiB.
            connection.Execute($"PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA cache_size = -{cacheKiB}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
