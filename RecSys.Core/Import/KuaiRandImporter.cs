using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

public sealed class KuaiRandImporter(IBulkLoader loader, ImportOptions options)
{
    public Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default) =>
        throw new NotSupportedException($"{loader} {options} {directory} {progress} {ct}");
}
