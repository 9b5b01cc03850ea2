using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Stores served lists in batches, so that one transaction carries many of them. Flushes what is waiting when the host stops.</summary>
public sealed class ServedListWriter(IServedListStore store, TimeProvider time, ILogger<ServedListWriter> logger) : BatchWriter<ServedList>(batchSize: 256, queueLength: 8192)
{
    private readonly RepeatedReports losses = new(time, RepeatedReports.EveryMinute);

    /// <summary>Waits only while 8,192 lists are queued.</summary>
    public ValueTask WriteAsync(ServedList list, CancellationToken cancellationToken) => Queue.WriteAsync(list, cancellationToken);

    protected override Task StoreAsync(IReadOnlyCollection<ServedList> batch) => store.AppendAsync(batch, CancellationToken.None);

    protected override void ReportLoss(Exception exception, int count)
    {
        if (losses.IsDue(exception, count, out var lost)) logger.ServedListsLost(exception, lost);
    }
}
