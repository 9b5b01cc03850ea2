using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>Writes the files of <see cref="RowsFiles"/> list by list: no row stays in memory but its place.</summary>
internal sealed class RowsWriter : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Columns of the places, with their types as DuckDB writes them.</summary>
    internal static IReadOnlyList<(string, string)> Columns { get; } =
    [
        ("list", "INTEGER"), ("part", "VARCHAR"), ("time_ms", "BIGINT"), ("event", "INTEGER"), ("position", "BIGINT"), ("user", "INTEGER"),
        ("item", "INTEGER"), ("place", "INTEGER"), ("label", "FLOAT"),
    ];

    private readonly InteractionLog log;
    private readonly SplitFile split;
    private readonly ParquetWriter index;
    private readonly FileStream values;
    private int lists;

    /// <param name="index">File of the places; one that is there is replaced.</param>
    /// <param name="values">File of the values; one that is there is replaced.</param>
    /// <param name="log">The collected log.</param>
    /// <param name="split">Tells the part of a list.</param>
    public RowsWriter(string index, string values, InteractionLog log, SplitFile split)
    {
        (this.log, this.split) = (log, split);
        this.index = new ParquetWriter(index, Columns);
        this.values = new FileStream(values, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
    }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds the list behind the last.</summary>
    /// <param name="list">Indexes in the log of its impressions.</param>
    /// <param name="labels">Per event of the log.</param>
    /// <param name="matrix">Row-major [list × features].</param>
    public void Append(ReadOnlySpan<int> list, float[] labels, ReadOnlySpan<float> matrix)
    {
        var timeMs = log.Events[list[0]].TimeMs;
        foreach (var at in list)
        {
            ref readonly var e = ref log.Events[at];
            index.Append([lists, split.PartOf(timeMs), timeMs, at, log.Positions[at], e.User, e.Item, (int)e.Position, labels[at]]);
        }
        values.Write(MemoryMarshal.AsBytes(matrix));
        lists++;
        Rows += list.Length;
    }

    /// <summary>Ends both files.</summary>
    public void Finish()
    {
        index.Finish();
        values.Flush();
    }

    public void Dispose()
    {
        index.Dispose();
        values.Dispose();
    }
}
