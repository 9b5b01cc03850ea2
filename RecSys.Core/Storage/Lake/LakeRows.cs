using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Storage.Lake;

/// <summary>Reads the rows of one checked file in their order. The columns are those of the query, counted from 0.</summary>
internal sealed class LakeRows : IDisposable
{
    private readonly string path;
    private readonly DuckDBCommand command;
    private readonly DuckDBDataReader reader;

    /// <param name="duck">Open for as long as the rows are read.</param>
    /// <param name="path">The file.</param>
    /// <param name="select">What to read, such as <c>position, item</c>.</param>
    /// <param name="where">A condition; null for all rows.</param>
    /// <exception cref="RecSysException">The file is no Parquet file with these columns.</exception>
    internal LakeRows(DuckDbFiles duck, string path, string select, string? where)
        : this(duck, $"SELECT {select} FROM {Source(path)}{(where is null ? "" : $" WHERE {where}")}", path)
    {
    }

    /// <summary>The rows of any query.</summary>
    internal LakeRows(DuckDbFiles duck, string sql, string path)
    {
        this.path = path;
        command = duck.Command(sql);
        try
        {
            reader = command.ExecuteReader();
        }
        catch (DuckDBException failure)
        {
            command.Dispose();
            throw Explained(path, failure);
        }
    }

    /// <summary>The file as a table of SQL.</summary>
    internal static string Source(string path) => $"read_parquet({DuckDbFiles.Pattern(path)}, hive_partitioning = false)";

    /// <summary>Moves to the next row; false behind the last.</summary>
    /// <exception cref="RecSysException">The file is damaged.</exception>
    internal bool Read()
    {
        try
        {
            return reader.Read();
        }
        catch (Exception failure) when (failure is DuckDBException or InvalidOperationException)
        {
            throw Explained(path, failure);
        }
    }

    internal bool IsNull(int column) => reader.IsDBNull(column);

    internal long Int64(int column) => reader.GetInt64(column);

    internal int Int32(int column) => reader.GetInt32(column);

    internal int? MaybeInt32(int column) => IsNull(column) ? null : reader.GetInt32(column);

    internal byte Byte(int column) => reader.GetByte(column);

    internal float Single(int column) => reader.GetFloat(column);

    internal double Double(int column) => reader.GetDouble(column);

    internal double? MaybeDouble(int column) => IsNull(column) ? null : reader.GetDouble(column);

    internal string? Text(int column) => IsNull(column) ? null : reader.GetString(column);

    internal string Required(int column) => Text(column) ?? throw new RecSysException(
        $"{path} has a row without {reader.GetName(column)}, so it is damaged. {LakeAdvice.ExportAgain}");

    internal IReadOnlyList<T>? List<T>(int column) => IsNull(column) ? null : (List<T>)reader.GetValue(column);

    internal byte[] Blob(int column)
    {
        if (IsNull(column)) return [];
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose()
    {
        reader.Dispose();
        command.Dispose();
    }

    private static RecSysException Explained(string path, Exception failure) =>
        new($"{path} cannot be read: {DuckDbFiles.Reason(failure)}. {LakeAdvice.ExportAgain}", failure);
}
