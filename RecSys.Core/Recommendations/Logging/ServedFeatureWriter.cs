using System.Diagnostics.Metrics;
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
public sealed class ServedFeatureWriter : BatchWriter<ServedFeatures>
{
    private const int BatchSize = 64;

    // A request of 20 items takes about 10 KB here.
    private const int QueueLength = 512;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly IServedFeatureStore store;
    private readonly IOptions<RecommendationOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<ServedFeatureWriter> logger;
    private readonly Counter<long> dropped;
    private readonly RepeatedReports losses;
    private DateTimeOffset cleaned = DateTimeOffset.MinValue;

    public ServedFeatureWriter(
        IServedFeatureStore store, IOptions<RecommendationOptions> options, TimeProvider time, IMeterFactory meters, ILogger<ServedFeatureWriter> logger)
        : base(BatchSize, QueueLength)
    {
        this.store = store;
        this.options = options;
        this.time = time;
        this.logger = logger;
        losses = new RepeatedReports(time, RepeatedReports.EveryMinute);
        dropped = meters.Create(PipelineMetrics.SourceName)
            .CreateCounter<long>("recsys_served_features_dropped", description: "Sampled requests whose features were dropped because the queue was full");
    }

    /// <summary>Queues a request; never waits.</summary>
    /// <returns>False when the queue was full and the request is dropped.</returns>
    public bool TryWrite(ServedFeatures features)
    {
        if (Queue.TryWrite(features)) return true;
        dropped.Add(1);
        return false;
    }

    protected override async Task StoreAsync(IReadOnlyCollection<ServedFeatures> batch)
    {
        await store.AppendAsync(batch, CancellationToken.None);
        await CleanAsync();
    }

    protected override void ReportLoss(Exception exception, int count)
    {
        if (losses.IsDue(exception, count, out var lost)) logger.ServedFeaturesLost(exception, lost);
    }

    private async Task CleanAsync()
    {
        var now = time.GetUtcNow();
        if (now - cleaned < CleanEvery) return;
        await store.DeleteBeforeAsync(now.AddDays(-options.Value.FeatureLogDays), CancellationToken.None);
        cleaned = now;
    }
}
