using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>
/// Appends a <see cref="ListShown"/> for each served list of which nobody reported anything in time. A list is appended once, and a second
/// time would change nothing; a lock file in the data folder keeps the processes of one folder from doing the same work.
/// </summary>
internal sealed class ShownListJob(
    IServedRecordStore records, LogWriter log,
    IOptions<ServedRecordOptions> options, IOptions<StorageOptions> storage, [FromKeyedServices(ServedTime.Key)] TimeProvider time,
    ILogger<ShownListJob> logger)
    : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Appends what is due.</summary>
    /// <returns>Number of lists.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (options.Value.CountsAfterMinutes is not { } minutes || TryLease() is not { } lease) return 0;
        await using (lease)
        {
            for (var all = 0; ; )
            {
                var due = await records.ReadUnreportedAsync(time.GetUtcNow().AddMinutes(-minutes), Batch, cancellationToken);
                if (due.Count == 0) return all;
                await log.AppendBulkAsync(
                    [.. due.Select(LogChange (record) =>
                    new ListShown(record.RequestId, record.UserId, [.. record.Items.Select(item => item.Item)], record.Time))],
                    cancellationToken);
                all += due.Count;
                if (due.Count < Batch) return all;
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new SteadyTurns(Every, time, (fault, times) => logger.ListsNotShown(fault, times)).RunAsync(RunOnceAsync, stoppingToken);

    private FileStream? TryLease()
    {
        try
        {
            return new FileStream(Path.Combine(storage.Value.DataFolder, "shown-lists.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
