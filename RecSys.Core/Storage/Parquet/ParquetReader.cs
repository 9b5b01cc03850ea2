using DuckDB.NET.Data;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Parquet;

/// <summary>
/// Reads the rows of a Parquet file in order and in bounded memory, through DuckDB. Values are what DuckDB makes of the columns: texts,
/// whole and other numbers, truth values, <see cref="DateTime"/> (UTC where its kind says so), lists of these; null where there is none.
/// </summary>
public sealed class ParquetReader : IDisposable
{
    private readonly string path;
    private readonly DuckDBConnection connection;
    private readonly DuckDBCommand command;
    private readonly DuckDBDataReader reader;
    private readonly bool[] isZoned;
    private readonly object?[] row;

    private ParquetReader(string path, DuckDBConnection connection)
    {
        this.path = path;
        this.connection = connection;
        using (var settings = connection.CreateCommand())
        {
            // Nothing is fetched from anywhere, and a file of any size is read in this memory.
            settings.CommandText =
                "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET memory_limit = '1GB'; SET threads = "
                    + "2; SET preserve_insertion_order = true";
            settings.ExecuteNonQuery();
        }
        var literal = Literal(path);
        using (var count = connection.CreateCommand())
        {
            count.CommandText = $"SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata({literal})";
            RowCount = (long)count.ExecuteScalar()!;
        }
        command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet({literal}, union_by_name = false)";
        command.UseStreamingMode = true;
        reader = command.ExecuteReader();
        Names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        isZoned = [.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.GetDataTypeName(at)
            .Contains("Tz", StringComparison.OrdinalIgnoreCase))];
        row = new object?[reader.FieldCount];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Rows in all.</summary>
    public long RowCount { get; }

    /// <exception cref="RecSysException">The file is missing or is not Parquet.</exception>
    public static ParquetReader Open(string path)
    {
        if (Directory.Exists(path)) throw new RecSysException($"{path} is a directory; give a file.");
        if (!File.Exists(path)) throw new RecSysException($"{path} cannot be read: there is no such file.");
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            return new ParquetReader(path, connection);
        }
        catch (DuckDBException failure)
        {
            connection.Dispose();
            throw Explained(path, failure);
        }
    }

    /// <summary>The next row, valid until the next call; false behind the last.</summary>
    /// <exception cref="RecSysException">The file is damaged.</exception>
    public bool TryRead(out ReadOnlySpan<object?> values)
    {
        values = default;
        try
        {
            if (!reader.Read()) return false;
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : Value(reader.GetValue(i), isZoned[i]);
        }
        catch (Exception failure) when (failure is DuckDBException or InvalidOperationException)
        {
            throw Explained(path, failure);
        }
        values = row;
        return true;
    }

    public void Dispose()
    {
        reader.Dispose();
        command.Dispose();
        connection.Dispose();
    }

    // Signs of a pattern stand for themselves in brackets.
    private static string Literal(string path)
    {
        var plain = string.Concat(path.Select(sign => sign is '*' or '?' or '[' ? $"[{sign}]" : sign == '\'' ? "''" : $"{sign}"));
        return $"'{plain}'";
    }

    private static object Value(object value, bool isZoned) =>
        value is DateTime time && isZoned ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : value;

    private static RecSysException Explained(string path, Exception failure)
    {
        var reason = failure.Message.Split('\n', 2)[0];
        return new RecSysException($"{path} cannot be read as Parquet: {(reason.Length > 300 ? reason[..300] : reason)} Nothing was "
            + $"imported.",
            failure);
    }
}
