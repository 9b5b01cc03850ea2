using System.Globalization;
using DuckDB.NET.Data;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Storage.Lake;

/// <summary>
/// Writes rows of one sort as Parquet files of a folder. The rows of one file gather in memory; how much that is does not depend on how
/// many there are in all. The same rows make the same bytes.
/// </summary>
internal sealed class LakeFileWriter : IDisposable
{
    // Of texts, blobs and lists, beside the rows' fixed parts.
    private const long MostBytes = 128 << 20;

    private readonly LakeSchema schema;
    private readonly string folder;
    private readonly int rowsPerFile;
    private readonly LakeRow row = new();
    private readonly List<(string Path, long Rows)> written = [];
    private DuckDbFiles? duck;
    private DuckDBAppender? appender;
    private int rows;

    /// <param name="schema">The columns.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="rowsPerFile">Most rows of one file.</param>
    internal LakeFileWriter(LakeSchema schema, string folder, int rowsPerFile) =>
        (this.schema, this.folder, this.rowsPerFile) = (schema, folder, rowsPerFile);

    /// <summary>A new row, to be filled in the order of the columns and given back by <see cref="End"/>.</summary>
    internal LakeRow Begin()
    {
        if (appender is null)
        {
            duck ??= new DuckDbFiles(threads: 1);
            var columns = schema.Columns.Select(column => $"{column.Name} {column.Type}");
            duck.Run($"CREATE OR REPLACE TABLE rows ({string.Join(", ", columns)})");
            appender = duck.Append("rows");
        }
        row.Begin(appender.CreateRow());
        return row;
    }

    /// <exception cref="IOException">A file is full, and the disk does not take it.</exception>
    internal void End()
    {
        row.End();
        rows++;
        if (rows >= rowsPerFile || row.Bytes >= MostBytes) WriteFile();
    }

    /// <summary>Writes what is left, and tells sizes and checksums of all files, which are on the disk then.</summary>
    internal async Task<IReadOnlyList<LakeFile>> FinishAsync(CancellationToken ct)
    {
        if (rows > 0) WriteFile();
        var files = new List<LakeFile>();
        foreach (var (path, count) in written)
        {
            var digest = await FileDigest.OfAsync(path, ct);
            DurableFile.Flush(path);
            var name = string.Create(CultureInfo.InvariantCulture, $"{schema.Name}-{files.Count:0000}-{digest.Sha256[..8]}.parquet");
            File.Move(path, Path.Combine(folder, name));
            files.Add(new LakeFile(name, schema.Name, count, digest.Bytes, digest.Sha256));
        }
        written.Clear();
        return files;
    }

    public void Dispose()
    {
        appender?.Dispose();
        duck?.Dispose();
    }

    private void WriteFile()
    {
        appender!.Dispose();
        appender = null;
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{schema.Name}-{written.Count}.tmp"));
        try
        {
            duck!.Run($"COPY rows TO {DuckDbFiles.Literal(path)} (FORMAT parquet, COMPRESSION zstd); DROP TABLE rows");
        }
        catch (DuckDBException failure)
        {
            throw new IOException(DuckDbFiles.Reason(failure), failure);
        }
        written.Add((path, rows));
        rows = 0;
        row.Restart();
    }
}
