using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>Reads all rows of a table of a data set.</summary>
internal static class TableLoop
{
    private const int ReportEvery = 20_000;

    /// <param name="table">Disposed of at the end.</param>
    /// <param name="file">Its name, for the progress.</param>
    /// <param name="ledger">Counts the rows.</param>
    /// <param name="read">Takes one; throws <see cref="RowException"/> for a malformed one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RecSysException">The file has no rows, or too many malformed ones.</exception>
    internal static void Read(
        TableReader table, string file, ImportLedger ledger, Action<TableRow> read, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using (table)
        {
            var rows = 0L;
            progress?.Report(new WorkProgress($"read {file}", 0, table.Length, "bytes"));
            while (table.TryRead(out var row))
            {
                if (++rows % ReportEvery == 0)
                {
                    ct.ThrowIfCancellationRequested();
                    progress?.Report(new WorkProgress($"read {file}", table.Position, table.Length, "bytes"));
                }
                try
                {
                    read(row);
                    ledger.Keep(table.Lines);
                }
                catch (RowException bad)
                {
                    ledger.Reject(table.Line, bad.Message, table.Raw, table.Lines);
                }
            }
            ledger.FinishFile();
            progress?.Report(new WorkProgress($"read {file}", table.Length ?? table.Position, table.Length, "bytes"));
        }
    }
}
