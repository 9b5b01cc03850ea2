using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>Reads all JSON objects of a file of a data set.</summary>
internal static class JsonLoop
{
    private const int ReportEvery = 10_000;

    /// <param name="path">The file.</param>
    /// <param name="ledger">Counts the rows.</param>
    /// <param name="read">Takes one, false for a sound one that names no user; throws <see cref="RowException"/> for a malformed
    /// one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RecSysException">The file is missing, has no rows, or too many malformed ones.</exception>
    internal static void Read(
        string path, ImportLedger ledger, Func<JsonElement, bool> read, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using var rows = new JsonRows(path);
        ledger.StartFile(path);
        var phase = $"read {Path.GetFileName(path)}";
        for (var count = 0L; rows.TryRead(out var row); count++)
        {
            if (count % ReportEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Report(new WorkProgress(phase, rows.Position, rows.Length, "bytes"));
            }
            var bytes = row.ToArray();
            try
            {
                using var document = JsonRow.Parse(bytes);
                if (read(document.RootElement)) ledger.Keep();
                else ledger.SkipAnonymous();
            }
            catch (RowException bad)
            {
                ledger.Reject(rows.Line, bad.Message, Encoding.UTF8.GetString(bytes));
            }
        }
        ledger.FinishFile();
        progress?.Report(new WorkProgress(phase, rows.Length ?? rows.Position, rows.Length, "bytes"));
    }
}
