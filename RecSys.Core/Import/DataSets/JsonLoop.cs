using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>Reads the JSON objects of a data set.</summary>
internal static class JsonLoop
{
    private const int ReportEvery = 10_000;

    /// <summary>Imports a data set whose rows say themselves what they are: all files are read first, then stored.</summary>
    /// <param name="name">Names the file of malformed rows.</param>
    /// <param name="paths">Files, folders and patterns.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="options">What words mean, and how many malformed rows are borne.</param>
    /// <param name="stage">Takes a row, false for a sound one that names no user; throws <see cref="RowException"/> for a malformed
    /// one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it; what is stored by then stays.</param>
    /// <param name="table">Reads files that end with .csv, row by row as if they were such objects; null: there are none.</param>
    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    internal static async Task<ImportReport> ImportAsync(
        string name, IReadOnlyList<string> paths, ImportTarget target, ImportOptions options,
        Func<JsonObject, TypeNames, ImportStaging, bool> stage, IProgress<WorkProgress>? progress, CancellationToken ct,
        Action<string, ImportLedger, Func<JsonElement, bool>, IProgress<WorkProgress>?, CancellationToken>? table = null)
    {
        var types = new TypeNames(options.Types);
        using var ledger = new ImportLedger(name, options);
        ledger.Advice = () => types.Unknown;
        using var staging = new ImportStaging(target, options);
        foreach (var path in ImportFiles.Expand(paths, [".jsonl", ".ndjson", ".json", .. table is null ? (string[])[] : [".csv"]]))
        {
            var isTable = table is not null && ImportFiles.HasEnding(path, ".csv");
            (isTable ? table! : Read)(path, ledger, row => stage(new JsonObject(row), types, staging), progress, ct);
        }
        await staging.StoreAsync(progress, ct);
        return await staging.ReportAsync(ledger, ct) with
        {
            Notes =
            [
                .. types.Found is { } found ? [$"read the types {found}"] : (string[])[],
                .. types.Unknown is { } unknown ? [unknown] : (string[])[], .. staging.Notes,
            ],
        };
    }

    /// <param name="path">The file.</param>
    /// <param name="ledger">Counts the rows.</param>
    /// <param name="read">Takes one, false for a sound one that names no user; throws <see cref="RowException"/> for a malformed
    /// one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RecSysException">The file is missing, has no rows, or too many malformed ones.</exception>
    private static void Read(
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
