using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Core.Storage;

/// <summary>The one place that chooses which database keeps a data folder.</summary>
public static class Databases
{
    /// <summary>Opens the folder's database; folder and database are made when missing and the schema is brought up to date.</summary>
    /// <exception cref="RecSysException">The folder cannot be used, or what it holds is no database of this or an earlier
    /// version.</exception>
    public static IDatabase Open(string dataFolder, TimeProvider? clock = null) => SqliteDatabase.Open(dataFolder, clock);

    /// <inheritdoc cref="Open"/>
    public static async Task<IDatabase> OpenAsync(string dataFolder, CancellationToken ct = default) =>
        await SqliteDatabase.OpenAsync(dataFolder, ct);

    /// <summary>As <see cref="OpenAsync"/>, for work that needs data: creates nothing.</summary>
    /// <exception cref="RecSysException">The folder holds no database, or one that cannot be used.</exception>
    public static Task<IDatabase> OpenExistingAsync(string dataFolder, CancellationToken ct = default) =>
        OpenExistingAsync(dataFolder, new LogLimits(), clock: null, ct);

    /// <inheritdoc cref="OpenExistingAsync(string, CancellationToken)"/>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="limits">What is kept beside the log.</param>
    /// <param name="clock">Gives the times of receipt; null for the machine's.</param>
    /// <param name="ct">Stops before anything is opened.</param>
    public static async Task<IDatabase> OpenExistingAsync(
        string dataFolder, LogLimits limits, TimeProvider? clock, CancellationToken ct) =>
        await SqliteDatabase.OpenExistingAsync(dataFolder, limits, clock, ct);

    /// <summary>True when the folder has a database, sound or not.</summary>
    public static bool Exist(string dataFolder) => File.Exists(Path.Combine(dataFolder, SqliteDatabase.FileName));

    /// <summary>
    /// A database's own failure as it is shown to a person; null when the exception is not one, or is a defect of the program.
    /// </summary>
    public static string? Explain(Exception failure) =>
        failure is SqliteException sqlite ? SqliteFailures.Explain(sqlite, $"{SqliteDatabase.FileName} of the data folder")?.Message : null;
}
