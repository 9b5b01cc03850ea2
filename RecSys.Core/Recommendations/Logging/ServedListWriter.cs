using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Stores served lists in batches, so that one transaction carries many of them. Flushes what is waiting when the host stops.</summary>
public sealed class ServedListWriter(IServedListStore store, ILogger<ServedListWriter> logger) : BackgroundService
{
    private const int BatchSize = 256;

    private readonly Channel<ServedList> waiting =
        Channel.CreateBounded<ServedList>(new BoundedChannelOptions(8192) { SingleReader = true });

    /// <summary>Waits only while 8,192 lists are queued.</summary>
    public ValueTask WriteAsync(ServedList list, CancellationToken cancellationToken) => waiting.Writer.WriteAsync(list, cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<ServedList>(BatchSize);
        // Ends when StopAsync completes the channel, not by the token: what was served is not lost at shutdown.
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < BatchSize && waiting.Reader.TryRead(out var list)) batch.Add(list);
            try
            {
                await store.AppendAsync(batch, CancellationToken.None);
            }
            catch (Exception exception)
            {
                logger.ServedListsLost(exception, batch.Count);
            }
            batch.Clear();
        }
    }
}
