using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Imports a CSV file (RFC 4180, comma, UTF-8) with a header line. Names are those of the domain in snake case, in any order;
/// an empty field is absent; <c>tags</c> are separated by <c>|</c>; times are ISO 8601 with a zone or Unix milliseconds; truth
/// values are <c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>. Other columns of users and items become attributes; in a file of events they
/// are an error. Users and items that are stored are replaced. An event without an id gets one from its content, so that a second
/// import adds nothing, and rows of equal content are one event.
/// </summary>
public sealed class CsvImporter(IEventImport log, ImportPace pace, ImportOptions options)
{
    /// <exception cref="RecSysException">The file is missing, empty, lacks a column or has too many malformed rows; nothing was
    /// imported.</exception>
    public Task<ImportReport> ImportAsync(RecordKind kind, string path, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default) =>
        RecordImport.RunAsync($"csv-{RecordKinds.Name(kind)}", kind, path, ledger => new CsvRecordSource(kind, path, ledger), log, pace,
            options, progress, ct);
}
