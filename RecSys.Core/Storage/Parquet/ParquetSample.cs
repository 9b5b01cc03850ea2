using DuckDB.NET.Data;

namespace RecSys.Core.Storage.Parquet;

/// <summary>Writes Parquet files, for measurements and checks.</summary>
internal static class ParquetSample
{
    /// <summary>Writes rows of texts, each column cast to its kind; what cannot be cast is null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names and DuckDB's kinds, such as BIGINT.</param>
    /// <param name="rows">Texts in the order of the columns; at least one row.</param>
    internal static void Write(string path, IReadOnlyList<(string Name, string Kind)> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var casts = columns.Select((column, at) => $"TRY_CAST(c{at} AS {column.Kind}) AS \"{column.Name}\"");
        var values = rows.Select(row => $"({string.Join(", ", row.Select(Literal))})");
        command.CommandText =
            $"COPY (SELECT {string.Join(", ", casts)} FROM (VALUES {string.Join(", ", values)}) "
                + $"t({string.Join(", ", columns.Select((_, at) => $"c{at}"))})) TO {Literal(path)} (FORMAT parquet)";
        command.ExecuteNonQuery();
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
