using DuckDB.NET.Data;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Parquet;

/// <summary>
/// Writes one Parquet file row by row, through DuckDB: rows are gathered in memory, up to what <see cref="DuckDbFiles"/> may take and then
/// refused, and the file appears at the end.
/// </summary>
public sealed class ParquetWriter : IDisposable
{
    private readonly string path;
    private readonly DuckDbFiles duck = new(threads: 1);
    private readonly DuckDBAppender appender;

    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="columns">Names and DuckDB's kinds: VARCHAR, BIGINT, INTEGER, DOUBLE or FLOAT.</param>
    public ParquetWriter(string path, IEnumerable<(string Name, string Kind)> columns)
    {
        this.path = path;
        duck.Run($"CREATE TABLE rows ({string.Join(", ", columns.Select(column => $"\"{column.Name}\" {column.Kind}"))})");
        appender = duck.Append("rows");
    }

    /// <summary>Adds a row: a string, long, int, double or float for each column, of its kind; null where there is no value.</summary>
    public void Append(ReadOnlySpan<object?> values)
    {
        var row = appender.CreateRow();
        foreach (var value in values)
        {
            _ = value switch
            {
                null => row.AppendNullValue(),
                string text => row.AppendValue(text),
                long number => row.AppendValue(number),
                int number => row.AppendValue(number),
                double number => row.AppendValue(number),
                float number => row.AppendValue(number),
                _ => throw new ArgumentException($"{value.GetType().Name} is no kind of column.", nameof(values)),
            };
        }
        row.EndRow();
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="RecSysException">It cannot be written.</exception>
    public void Finish()
    {
        try
        {
            appender.Close();
            duck.Run($"COPY rows TO {DuckDbFiles.Literal(path)} (FORMAT parquet, COMPRESSION zstd)");
        }
        catch (DuckDBException failure)
        {
            throw new RecSysException($"{path} cannot be written: {failure.Message.Split('\n', 2)[0]}", failure);
        }
    }

    public void Dispose()
    {
        appender.Dispose();
        duck.Dispose();
    }
}
