using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Imports a file with one JSON object per line, in UTF-8. Names are those of the domain in snake case; <c>tags</c> is an array of strings;
/// times are ISO 8601 with a zone or Unix milliseconds. Fields of users and items that have no such name become attributes;
/// an event with one is malformed. Duplicate names, comments, trailing commas and numbers in quotes are malformed. Users and
/// items that are stored are replaced. An event without an id gets one from its content, so that a second import adds nothing,
/// and rows of equal content are one event.
/// </summary>
public sealed class JsonlImporter(IEventImport log, ImportPace pace, ImportOptions options)
{
    /// <exception cref="RecSysException">The file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public Task<ImportReport> ImportAsync(RecordKind kind, string path, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default) =>
        RecordImport.RunAsync($"jsonl-{RecordKinds.Name(kind)}", kind, path, ledger => new JsonlRecordSource(kind, path, ledger), log, pace,
            options, progress, ct);
}
