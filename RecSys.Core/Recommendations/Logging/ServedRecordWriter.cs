using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>
/// Stores answered requests in batches, off their path, and deletes old ones. Nobody waits for it: when its queue is full, as while the
/// database is locked, a record is dropped at once and counted, and memory stays as it is. Flushes what is waiting when the host stops.
/// </summary>
public sealed class ServedRecordWriter : BackgroundService
{
    private const int BatchSize = 256;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(10);

    // A transaction costs as much as twenty records, and nobody waits for one: what a crash can lose is this much.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly IServedRecordStore store;
    private readonly FeatureCatalogue catalogue;
    private readonly ServedRecordOptions options;
    private readonly ServedRecordMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<ServedRecordWriter> logger;
    private readonly Channel<ServedRecord> waiting;
    private readonly RepeatedReports reports;
    private readonly CancellationTokenSource stopping = new();
    private DateTimeOffset cleaned = DateTimeOffset.MinValue;

    public ServedRecordWriter(
        IServedRecordStore store, FeatureCatalogue catalogue, IOptions<ServedRecordOptions> options, ServedRecordMetrics metrics,
        [FromKeyedServices(ServedTime.Key)] TimeProvider time, ILogger<ServedRecordWriter> logger)
    {
        (this.store, this.catalogue, this.options, this.metrics, this.time, this.logger) =
            (store, catalogue, options.Value, metrics, time, logger);
        waiting = Channel.CreateBounded<ServedRecord>(new BoundedChannelOptions(this.options.Queue) { SingleReader = true });
        reports = new RepeatedReports(time, RepeatedReports.EveryMinute);
    }

    /// <summary>Records that wait to be stored.</summary>
    public int Waiting => waiting.Reader.Count;

    /// <summary>Copies what is kept of a finished request and queues it; never waits, and keeps nothing of the context.</summary>
    /// <returns>False when the queue was full and the record is dropped.</returns>
    public bool TryWrite(RecommendationContext context)
    {
        // Nothing is copied for a queue that is full anyway.
        if (waiting.Reader.Count < options.Queue
            && waiting.Writer.TryWrite(ServedRecordFactory.Of(context, catalogue, WithFeatures(context))))
            return true;
        metrics.Dropped();
        if (reports.IsDue("dropped", 1, out var count)) logger.ServedRecordsDropped(count);
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await stopping.CancelAsync();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<ServedRecord>(BatchSize);
        // Ends when StopAsync completes the channel, not by the token: what was served is not lost at shutdown.
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (waiting.Reader.Count < BatchSize)
                await Task.Delay(Gathering, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (batch.Count < BatchSize && waiting.Reader.TryRead(out var record)) batch.Add(record);
            try
            {
                await store.AppendAsync(batch, CancellationToken.None);
                metrics.Stored(batch.Count);
                await CleanAsync();
            }
            catch (Exception exception)
            {
                metrics.Lost(batch.Count);
                if (reports.IsDue("lost", batch.Count, out var count)) logger.ServedRecordsLost(exception, count);
            }
            batch.Clear();
        }
    }

    public override void Dispose()
    {
        stopping.Dispose();
        base.Dispose();
    }

    private bool WithFeatures(RecommendationContext context)
    {
        if (!ServedRecordFactory.IsSampled(context.RequestId, options.FeatureShare)) return false;
        if (!context.FeaturesUnsteady) return true;
        metrics.Unsteady();
        return false;
    }

    private async Task CleanAsync()
    {
        var now = time.GetUtcNow();
        if (now - cleaned < CleanEvery) return;
        await store.DeleteAsync(now.AddDays(-options.Days), options.Most, CancellationToken.None);
        cleaned = now;
    }
}
