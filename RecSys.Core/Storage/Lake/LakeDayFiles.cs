using System.Runtime.CompilerServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Storage.Lake;

/// <summary>Reads the files of one day, each checked before: size, checksum, columns.</summary>
internal sealed class LakeDayFiles(ILakeStore store, LakeManifest day, bool anew = false)
{
    // Where a person finds the day, not where a copy of it lies.
    private readonly string place = $"{store.Place}/{LakeNames.Of(day.Table)}/{LakeNames.Of(day.Day)}";

    /// <summary>The rows of all files of a sort in order, each valid until the next.</summary>
    /// <param name="schema">The sort.</param>
    /// <param name="select">Columns to read; null for those of the sort in their order.</param>
    /// <param name="where">Null for all rows, whose number is then checked.</param>
    /// <param name="ct">Stops the enumeration.</param>
    /// <exception cref="RecSysException">A file is missing, damaged, or of other columns; the message names it.</exception>
    internal async IAsyncEnumerable<LakeRows> ReadAsync(LakeSchema schema, string? select = null, string? where = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        // Of its own: only one result at a time comes from it as it is read.
        using var duck = new DuckDbFiles(threads: 2);
        foreach (var file in day.Files.Where(file => file.Schema == schema.Name))
        {
            ct.ThrowIfCancellationRequested();
            var path = await store.FetchAsync(day.Table, day.Day, file, anew, ct);
            var name = $"{place}/{file.Name}";
            CheckColumns(duck, path, name, schema);
            using var rows = new LakeRows(duck, path, select ?? string.Join(", ", schema.Columns.Select(Selected)), where);
            var count = 0L;
            while (rows.Read())
            {
                if ((++count & 0xFFF) == 0) ct.ThrowIfCancellationRequested();
                yield return rows;
            }
            if (where is null && count != file.Rows)
                throw new RecSysException($"{name} has {count} rows instead of {file.Rows}. {LakeAdvice.ExportAgain}");
        }
    }

    private string Selected(LakeColumn column) =>
        column.Since > day.Format ? $"CAST(NULL AS {column.Type}) AS {column.Name}" : column.Name;

    private void CheckColumns(DuckDbFiles duck, string path, string name, LakeSchema schema)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var columns = new LakeRows(duck, $"DESCRIBE SELECT * FROM {LakeRows.Source(path)}", path))
        {
            while (columns.Read()) found.Add(columns.Required(0), columns.Required(1));
        }
        foreach (var column in schema.Columns.Where(column => column.Since <= day.Format))
        {
            var type = found.GetValueOrDefault(column.Name);
            if (type == column.Type) continue;
            var fault = type is null ? $"lacks the column {column.Name}" : $"has the column {column.Name} as {type}";
            throw new RecSysException($"{name} {fault}"
                + $", this version of RecSys reads it as {column.Type}. Use the version that wrote it. {LakeAdvice.ExportAgain}");
        }
    }
}
