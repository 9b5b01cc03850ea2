using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Turns SQLite's result codes that a person can do something about into messages that say what.</summary>
internal static class SqliteFailures
{
    // https://www.sqlite.org/rescode.html
    private const int Generic = 1, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14,
        NotADatabase = 26;

    /// <summary>Runs work; failures that a person can put right are explained.</summary>
    internal static T Explained<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure) when (Explain(failure, path) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The failure as it is shown to the person, or null when it is a defect of the program.</summary>
    internal static RecSysException? Explain(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        Busy or Locked =>
            new($"The database {path} is busy with another writer, perhaps an import. Try again when that has finished.", failure),
        ReadOnly => new($"The database {path} cannot be written. Check the permissions of the file and its folder.", failure),
        Full => new($"The disk is full: the last write to {path} was not made, what was written before is unharmed. Free some space and "
            + $"try "
            + "again.", failure),
        InputOutput => new($"Reading or writing {path} failed (SQLite code {failure.SqliteExtendedErrorCode}). Check that the disk "
            + "is sound and not full.", failure),
        Corrupt => new($"The database {path} is damaged. Restore it from a backup.", failure),
        CannotOpen when !Path.Exists(path) =>
            new($"The database {path} is gone. Stop the program and restore the data folder from a backup.", failure),
        CannotOpen => new($"The database {path} cannot be opened. Check the permissions of the file and its folder.", failure),
        NotADatabase => new($"{path} is not a SQLite database. Move it away or choose another data folder.", failure),
        Generic when IsMissing(failure.Message) =>
            new($"The database {path} lacks a table or column of this version ({failure.Message}). Restore it from a backup.", failure),
        _ => null,
    };

    private static bool IsMissing(string message) =>
        message.Contains("no such table", StringComparison.Ordinal) || message.Contains("no such column", StringComparison.Ordinal)
        || message.Contains("has no column named", StringComparison.Ordinal);
}
