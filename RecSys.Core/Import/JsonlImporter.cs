using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

public sealed class JsonlImporter(IBulkLoader loader, ImportOptions options)
{
    public Task<ImportReport> ImportAsync(RecordKind kind, string path, IProgress<WorkProgress>? progress = null, CancellationToken ct = default) =>
        throw new NotSupportedException($"{loader} {options} {kind} {path} {progress} {ct}");
}
