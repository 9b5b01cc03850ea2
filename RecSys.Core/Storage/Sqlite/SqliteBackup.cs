using Dapper;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>The databases of a data folder as files that can be copied.</summary>
internal static class SqliteBackup
{
    private static readonly string[] Names = [SqliteDatabase.FileName, SqliteServedFile.FileName];

    /// <summary>Copies the databases of a folder by SQLite's own backup, each as of one moment; writers go on meanwhile.</summary>
    /// <returns>Where the log stood.</returns>
    internal static (long Epoch, long Position) Copy(string dataFolder, string target)
    {
        if (!File.Exists(Path.Combine(dataFolder, SqliteDatabase.FileName)))
            throw new RecSysException($"No data in {Path.GetFullPath(dataFolder)}; there is nothing to back up.");
        foreach (var name in Names.Where(name => File.Exists(Path.Combine(dataFolder, name))))
        {
            var path = Path.Combine(dataFolder, name);
            SqliteFailures.Explained(path, () =>
            {
                using var source = Open(path, SqliteOpenMode.ReadWrite);
                using var copy = Open(Path.Combine(target, name), SqliteOpenMode.ReadWriteCreate);
                source.BackupDatabase(copy);
                // One file instead of three.
                copy.Execute("PRAGMA journal_mode = DELETE");
                return true;
            });
        }
        Check(target);
        var log = Path.Combine(target, SqliteDatabase.FileName);
        return SqliteFailures.Explained(log, () =>
        {
            using var copy = Open(log, SqliteOpenMode.ReadOnly);
            return copy.QuerySingle<(long, long)>("SELECT epoch, position FROM log_head WHERE id = 1");
        });
    }

    /// <summary>Looks through all pages of the databases of a folder.</summary>
    /// <exception cref="RecSysException">One is damaged.</exception>
    internal static void Check(string folder)
    {
        foreach (var path in Names.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            var found = SqliteFailures.Explained(path, () =>
            {
                using var connection = Open(path, SqliteOpenMode.ReadOnly);
                return connection.QueryFirst<string>("PRAGMA integrity_check(1)");
            });
            if (found != "ok") throw new RecSysException($"The database {path} is damaged: {found}. Use another backup.");
        }
    }

    /// <summary>Users that were erased from a folder's database; none where it cannot be read.</summary>
    internal static IReadOnlyList<string> ErasedIn(string folder)
    {
        var path = Path.Combine(folder, SqliteDatabase.FileName);
        if (!File.Exists(path)) return [];
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            return [.. connection.Query<string>("SELECT id FROM erased ORDER BY position")];
        }
        catch (SqliteException)
        {
            // What is being restored may be restored because this one is damaged.
            return [];
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection =
            new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
