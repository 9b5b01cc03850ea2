using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>
/// Computes every ranking once before the first request and then once a minute, off the request path. What fails is logged and keeps its
/// old value.
/// </summary>
internal sealed class RankingRefresher(
    WorldSource worlds, IEnumerable<IRanking> rankings, TimeProvider time, ILogger<RankingRefresher> logger) : BackgroundService
{
    /// <summary>Time between two refreshes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly IRanking[] rankings = [.. rankings];
    private readonly PeriodicTimer timer = new(Interval, time);

    /// <summary>Computes all of them, one after the other, each in the world as it is then.</summary>
    public void RefreshAll(CancellationToken cancellationToken)
    {
        foreach (var ranking in rankings)
        {
            try
            {
                // Taken in here: what it throws must not end the loop of all later minutes.
                ranking.Refresh(worlds.Take(), cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.RankingNotRefreshed(exception, ranking.Name);
            }
        }
    }

    public override void Dispose()
    {
        timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host treats the cancellation of the token as a normal end.
        while (await timer.WaitForNextTickAsync(stoppingToken)) RefreshAll(stoppingToken);
    }
}
