using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>Runs the side effects of answered requests, off the request path, one at a time. A full queue drops and counts.</summary>
public sealed class SideEffectQueue : BackgroundService
{
    private readonly Channel<(RecommendationContext Context, Action<RecommendationContext> Release)> waiting;
    private readonly PipelineRunner pipeline;
    private readonly ILogger<SideEffectQueue> logger;
    private readonly Counter<long> dropped;

    public SideEffectQueue(PipelineRunner pipeline, IOptions<RecommendationOptions> options, IMeterFactory meters, ILogger<SideEffectQueue> logger)
    {
        this.pipeline = pipeline;
        this.logger = logger;
        waiting = Channel.CreateBounded<(RecommendationContext, Action<RecommendationContext>)>(
            new BoundedChannelOptions(options.Value.SideEffectQueue) { SingleReader = true });
        dropped = meters.Create(PipelineMetrics.SourceName)
            .CreateCounter<long>("recsys_side_effects_dropped", description: "Answered requests whose log entry was dropped because the queue was full");
    }

    /// <summary>Queues a finished request; <paramref name="release"/> is called when its side effects are done.</summary>
    /// <returns>False when the queue is full or closed: the caller releases the context.</returns>
    internal bool TryAdd(RecommendationContext context, Action<RecommendationContext> release)
    {
        if (waiting.Writer.TryWrite((context, release))) return true;
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
        await foreach (var (context, release) in waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await pipeline.RunSideEffectsAsync(context, CancellationToken.None);
            }
            catch (Exception exception)
            {
                logger.SideEffectsFailed(exception, context.RequestId);
            }
            release(context);
        }
    }
}
