using DuckDB.NET.Data;

namespace RecSys.Core.Storage.Parquet;

/// <summary>An in-memory DuckDB that reads and writes Parquet files of this machine and nothing else.</summary>
internal sealed class DuckDbFiles : IDisposable
{
    private readonly DuckDBConnection connection = new("DataSource=:memory:");

    /// <param name="threads">One writes files whose bytes depend on the rows alone.</param>
    internal DuckDbFiles(int threads)
    {
        connection.Open();
        // What does not fit fails: nothing is spilled to whatever folder the program was started in.
        Run("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET temp_directory = ''; "
            + $"SET memory_limit = '2GB'; SET threads = {threads}; SET preserve_insertion_order = true");
    }

    internal void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>A query whose rows come as they are read, in the order of the file.</summary>
    internal DuckDBCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        return command;
    }

    internal DuckDBAppender Append(string table) => connection.CreateAppender(table);

    /// <summary>The path of one file as a text of SQL. Signs of a pattern stand for themselves in brackets.</summary>
    internal static string Pattern(string path) =>
        Literal(string.Concat(path.Select(sign => sign is '*' or '?' or '[' ? $"[{sign}]" : $"{sign}")));

    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>What DuckDB said, in one line.</summary>
    internal static string Reason(Exception failure)
    {
        var line = failure.Message.Split('\n', 2)[0].TrimEnd('.');
        return line.Length > 300 ? line[..300] : line;
    }

    public void Dispose() => connection.Dispose();
}
