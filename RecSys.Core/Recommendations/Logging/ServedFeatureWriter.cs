using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>
/// Stores served features in batches and deletes old ones. A full queue drops and counts: the sample may lose requests, the server must not wait for it.
/// Flushes what is waiting when the host stops.
/// </summary>
public sealed class ServedFeatureWriter : BackgroundService
{
    private const int BatchSize = 64;

    // A request of 20 items takes about 10 KB here.
    private const int QueueLength = 512;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly Channel<ServedFeatures> waiting =
        Channel.CreateBounded<ServedFeatures>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly IServedFeatureStore store;
    private readonly IOptions<RecommendationOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<ServedFeatureWriter> logger;
    private readonly Counter<long> dropped;
    private DateTimeOffset cleaned = DateTimeOffset.MinValue;

    public ServedFeatureWriter(
        IServedFeatureStore store, IOptions<RecommendationOptions> options, TimeProvider time, IMeterFactory meters, ILogger<ServedFeatureWriter> logger)
    {
        this.store = store;
        this.options = options;
        this.time = time;
        this.logger = logger;
        dropped = meters.Create(PipelineMetrics.SourceName)
            .CreateCounter<long>("recsys_served_features_dropped", description: "Sampled requests whose features were dropped because the queue was full");
    }

    /// <summary>Queues a request; never waits.</summary>
    /// <returns>False when the queue was full and the request is dropped.</returns>
    public bool TryWrite(ServedFeatures features)
    {
        if (waiting.Writer.TryWrite(features)) return true;
        dropped.Add(1);
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<ServedFeatures>(BatchSize);
        // Ends when StopAsync completes the channel, as with served lists.
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < BatchSize && waiting.Reader.TryRead(out var features)) batch.Add(features);
            try
            {
                await store.AppendAsync(batch, CancellationToken.None);
                await CleanAsync();
            }
            catch (Exception exception)
            {
                logger.ServedFeaturesLost(exception, batch.Count);
            }
            batch.Clear();
        }
    }

    private async Task CleanAsync()
    {
        var now = time.GetUtcNow();
        if (now - cleaned < CleanEvery) return;
        await store.DeleteBeforeAsync(now.AddDays(-options.Value.FeatureLogDays), CancellationToken.None);
        cleaned = now;
    }
}
