using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Loads the rows of one file; the same for every format.</summary>
internal static class RecordImport
{
    private const int ReportEvery = 10_000;

    internal static async Task<ImportReport> RunAsync(
        string name, RecordKind kind, string path, Func<ImportLedger, IRecordSource> open, IEventImport log, ImportPace pace,
        ImportOptions options,
        IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var ledger = new ImportLedger(name, options);
        using var source = open(ledger);
        ledger.StartFile(path);
        using var staging = new ImportStaging(log, pace, options);
        var phase = $"import {Path.GetFileName(path)}";
        while (source.TryRead(out var fields))
        {
            if (ledger.Read % ReportEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Report(new WorkProgress(phase, source.Position, source.Length, "bytes"));
            }
            try
            {
                switch (kind)
                {
                    case RecordKind.Users:
                        staging.Add(RecordParser.User(fields));
                        break;
                    case RecordKind.Items:
                        staging.Add(RecordParser.Item(fields));
                        break;
                    default:
                        staging.Add(RecordParser.Event(fields));
                        break;
                }
                ledger.Keep();
            }
            catch (RowException bad)
            {
                ledger.Reject(source.Line, bad.Message, source.Raw);
            }
        }
        ledger.FinishFile();
        progress?.Report(new WorkProgress(phase, source.Length ?? source.Position, source.Length, "bytes"));
        await staging.StoreAsync(progress, ct);
        return staging.Report(ledger, Stopwatch.GetElapsedTime(started));
    }
}
