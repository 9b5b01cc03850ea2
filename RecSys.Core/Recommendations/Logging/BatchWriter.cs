using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Stores what requests leave behind in batches, off their path. A batch that fails is lost and reported; the next one is tried.</summary>
/// <typeparam name="T">What is stored.</typeparam>
/// <param name="batchSize">Most entries per batch.</param>
/// <param name="queueLength">Most entries waiting.</param>
public abstract class BatchWriter<T>(int batchSize, int queueLength) : BackgroundService
{
    private readonly Channel<T> waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(queueLength) { SingleReader = true });

    /// <summary>Where entries wait to be stored.</summary>
    protected ChannelWriter<T> Queue => waiting.Writer;

    /// <summary>Flushes what is waiting.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Stores one batch, which is reused afterwards.</summary>
    protected abstract Task StoreAsync(IReadOnlyCollection<T> batch);

    /// <summary>Reports a batch that could not be stored.</summary>
    protected abstract void ReportLoss(Exception exception, int count);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<T>(batchSize);
        // Ends when StopAsync completes the channel, not by the token: what was served is not lost at shutdown.
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < batchSize && waiting.Reader.TryRead(out var entry)) batch.Add(entry);
            try
            {
                await StoreAsync(batch);
            }
            catch (Exception exception)
            {
                ReportLoss(exception, batch.Count);
            }
            batch.Clear();
        }
    }
}
