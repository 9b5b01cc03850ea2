using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Loads the rows of one file, in the order of the file; the same for every format.</summary>
internal static class RecordImport
{
    private const int ReportEvery = 10_000;

    internal static async Task<ImportReport> RunAsync(
        string name, RecordKind kind, string path, Func<ImportLedger, IRecordSource> open, IBulkLoader loader, ImportOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var ledger = new ImportLedger(name, options);
        using var source = open(ledger);
        ledger.StartFile(path);
        await using var load = await loader.BeginAsync(ct);
        var writer = new LoadWriter(load);
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
                        await writer.AddAsync(RecordParser.User(fields), ct);
                        break;
                    case RecordKind.Items:
                        await writer.AddAsync(RecordParser.Item(fields), ct);
                        break;
                    default:
                        await writer.AddAsync(RecordParser.Event(fields), ct);
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
        await writer.FlushAsync(ct);
        progress?.Report(new WorkProgress(phase, source.Length ?? source.Position, source.Length, "bytes"));
        await load.CommitAsync(ct);
        return writer.Report(ledger, Stopwatch.GetElapsedTime(started));
    }
}
