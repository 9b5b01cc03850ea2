using Dapper;
using Microsoft.Data.Sqlite;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// The index that finds the entries of a user, <c>log_by_user</c>. It is in another order than the log, so that every chunk of a long
/// import writes most of its pages anew; made once behind the import it costs a fraction.
/// </summary>
internal static class SqliteUserIndex
{
    private const string Name = "log_by_user";
    private const string LockName = "user-index.lock";

    /// <summary>Keeps other processes from making the index while it is left out on purpose, until it is disposed of.</summary>
    /// <returns>Null when somebody else does so.</returns>
    internal static FileStream? TryHold(string dataFolder)
    {
        try
        {
            return new FileStream(Path.Combine(dataFolder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Makes it where it is missing and nobody leaves it out on purpose: an import that was killed.</summary>
    internal static void Restore(SqliteConnection connection, string dataFolder)
    {
        if (Exists(connection)) return;
        using var held = TryHold(dataFolder);
        if (held is not null) Build(connection);
    }

    internal static bool Drop(SqliteConnection connection)
    {
        connection.Execute($"DROP INDEX IF EXISTS {Name}");
        return true;
    }

    /// <summary>Makes it where it is missing; about a second per million entries.</summary>
    internal static bool Build(SqliteConnection connection)
    {
        connection.Execute($"CREATE INDEX IF NOT EXISTS {Name} ON log (user_id, kind) WHERE user_id IS NOT NULL");
        return true;
    }

    private static bool Exists(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = @Name", new { Name }) > 0;
}
