using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import;

/// <summary>
/// Imports files of users, items or events in one of the general formats; docs/data.md says which fields they have and how they are read.
/// Users and items that are stored are replaced. An event without an id gets one from its content, so that a second import adds nothing,
/// and rows of equal content are one event.
/// </summary>
public sealed class RecordImporter(ImportTarget target, ImportOptions options)
{
    private const int ReportEvery = 10_000;
    private const int FirstRows = 3;

    private static readonly string[][] Endings = [[".csv", ".tsv", ".txt"], [".jsonl", ".ndjson", ".json"], [".parquet"]];

    /// <summary>Imports all files as one: they are read first, then stored.</summary>
    /// <param name="format">Of each file.</param>
    /// <param name="kind">What the rows are.</param>
    /// <param name="paths">Files, folders and patterns.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops it; what is stored by then stays.</param>
    /// <exception cref="RecSysException">A file is missing, empty, lacks a column or has too many malformed rows; nothing was
    /// imported.</exception>
    public async Task<ImportReport> ImportAsync(
        RecordFormat format, RecordKind kind, IReadOnlyList<string> paths, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default)
    {
        var complete = MeaningFile.Complete(options);
        var columns = new ColumnNames(kind, complete);
        var parser = new RecordParser(columns, complete);
        var numbers = new NumberReading();
        var notes = new List<string>();
        var firstRows = new List<string>();
        using var ledger = new ImportLedger($"{NameOf(format)}-{RecordKinds.Name(kind)}", complete);
        ledger.Advice = () => parser.UnknownTypes;
        using var staging = new ImportStaging(target, complete);
        foreach (var path in ImportFiles.Expand(paths, Endings[(int)format]))
        {
            using var source = Open(format, path, columns, numbers, complete, ledger);
            ledger.StartFile(path);
            if (source.Note is { } note && !notes.Contains(note, StringComparer.Ordinal)) notes.Add(note);
            ReadAll(path, source, kind, parser, ledger, staging, complete.DryRun ? firstRows : null, progress, ct);
        }
        await staging.StoreAsync(progress, ct);
        notes.AddRange(parser.Notes());
        if (numbers.Found is { } commas) notes.Add(commas);
        notes.AddRange(staging.Notes);
        return await staging.ReportAsync(ledger, ct) with
        {
            Notes = notes, FirstRows = firstRows,
        };
    }

    private static void ReadAll(
        string path, IRecordSource source, RecordKind kind, RecordParser parser, ImportLedger ledger, ImportStaging staging,
        List<string>? firstRows, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var phase = $"import {Path.GetFileName(path)}";
        while (source.TryRead(out var fields))
        {
            if (ledger.Read % ReportEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Report(new WorkProgress(phase, source.Position, source.Length, source.Unit));
            }
            try
            {
                if (Stage(kind, fields, parser, staging) is { } record)
                {
                    ledger.Keep(source.Lines);
                    if (firstRows?.Count < FirstRows) firstRows.Add(RecordText.Of(record));
                }
                else
                {
                    ledger.SkipAnonymous(source.Lines);
                }
            }
            catch (RowException bad)
            {
                ledger.Reject(source.Line, bad.Message, source.Raw, source.Lines);
            }
        }
        ledger.FinishFile();
        progress?.Report(new WorkProgress(phase, source.Length ?? source.Position, source.Length, source.Unit));
    }

    // The record, or null for an event without a user.
    private static object? Stage(RecordKind kind, RecordFields fields, RecordParser parser, ImportStaging staging)
    {
        switch (kind)
        {
            case RecordKind.Users:
                var user = parser.User(fields);
                staging.Add(user);
                return user;
            case RecordKind.Items:
                var item = parser.Item(fields);
                staging.Add(item);
                return item;
            default:
                if (parser.Event(fields) is not { } e) return null;
                staging.Add(e);
                return e;
        }
    }

    private static IRecordSource Open(
        RecordFormat format, string path, ColumnNames columns, NumberReading numbers, ImportOptions options, ImportLedger ledger) =>
        format switch
        {
            RecordFormat.Csv => new CsvRecordSource(path, columns, numbers, options, ledger),
            RecordFormat.Json => new JsonRecordSource(path, columns, ledger),
            _ => new ParquetRecordSource(path, columns),
        };

    private static string NameOf(RecordFormat format) => format switch
    {
        RecordFormat.Csv => "csv",
        RecordFormat.Json => "jsonl",
        _ => "parquet",
    };
}
