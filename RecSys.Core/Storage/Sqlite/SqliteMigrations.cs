using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using DbUp;
using DbUp.Engine;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>
/// Brings a database to the schema of this program: the scripts in <c>Migrations/</c>, in the order of their names, each once.
/// </summary>
internal static partial class SqliteMigrations
{
    // "RCSY", written into the header of the file by the first script.
    private const long ApplicationId = 0x52435359;

    /// <summary>Applies what is missing, all or nothing; other processes that open the database meanwhile wait.</summary>
    /// <exception cref="RecSysException">The database belongs to another program or to a newer version of this one.</exception>
    internal static void Apply(SqliteConnection connection, string path, TimeProvider clock)
    {
        var scripts = Scripts();
        if (Applied(connection, path).SetEquals(scripts.Select(script => script.Name)))
        {
            RequireTables(connection, path, scripts);
            return;
        }

        SqliteLogFunctions.Register(connection, clock);
        connection.Execute("BEGIN IMMEDIATE");
        var applied = Applied(connection, path);
        var unknown = applied.Except(scripts.Select(script => script.Name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            connection.Execute("ROLLBACK");
            throw new RecSysException(
                $"The database {path} was written by a newer version of RecSys (it has the schema change {unknown[^1]}). Use that "
                    + "version, or another data folder.");
        }

        // The transaction is ours, so that several scripts are one change; DbUp works inside it and keeps the journal.
        using var shared = new SharedConnection(connection);
        var result = DeployChanges.To.SqliteDatabase(shared).WithScripts(scripts).WithoutTransaction().LogToNowhere().Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            connection.Execute("ROLLBACK");
            throw new InvalidOperationException($"Schema change {result.ErrorScript?.Name} failed on {path}.", result.Error);
        }
        connection.Execute("COMMIT");
    }

    // A table that somebody dropped, or lost with a damaged file, would be missed at the first use only, long after the start.
    private static void RequireTables(SqliteConnection connection, string path, List<SqlScript> scripts)
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in scripts.SelectMany(script => TableStatement().Matches(script.Contents)))
        {
            var table = statement.Groups["table"].Value;
            if (statement.Value.StartsWith("CREATE", StringComparison.Ordinal)) expected.Add(table);
            else expected.Remove(table);
        }
        expected.ExceptWith(connection.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table'"));
        if (expected.Count > 0)
            throw new RecSysException(
                $"The database {path} lacks what this version keeps in {string.Join(", ", expected.Order(StringComparer.Ordinal))}. "
                + "Restore it from a backup.");
    }

    private static HashSet<string> Applied(SqliteConnection connection, string path)
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0) return [];
        if (connection.ExecuteScalar<long>("PRAGMA application_id") != ApplicationId)
            throw new RecSysException($"{path} is a database of another program. Move it away or choose another data folder.");
        return [.. connection.Query<string>("SELECT ScriptName FROM SchemaVersions")];
    }

    // What a script renames, it drops under the new name.
    [GeneratedRegex(@"^(CREATE|DROP|ALTER) TABLE (?<table>\w+)", RegexOptions.Multiline)]
    private static partial Regex TableStatement();

    private static List<SqlScript> Scripts()
    {
        const string Folder = "Sqlite/Migrations/";
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<SqlScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new SqlScript(Path.GetFileNameWithoutExtension(resource), reader.ReadToEnd()));
        }
        return scripts;
    }
}
