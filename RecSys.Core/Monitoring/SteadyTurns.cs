using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring;

/// <summary>
/// Does something at a steady pace beside the requests. A turn that fails is told, and the next one is as usual: what only watches the
/// server must not end it.
/// </summary>
/// <param name="what">What is done, for the log: <c>look at the alerts</c>.</param>
/// <param name="pace">From one turn to the next.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of failures, each cause every ten minutes at most.</param>
internal sealed class SteadyTurns(string what, TimeSpan pace, TimeProvider time, ILogger logger)
{
    private readonly RepeatedReports failures = new(time, TimeSpan.FromMinutes(10));

    /// <summary>Goes on until it is stopped.</summary>
    /// <param name="turn">What is done.</param>
    /// <param name="stoppingToken">Stops.</param>
    public async Task RunAsync(Func<CancellationToken, Task> turn, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await turn(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (failures.IsDue(fault, out var times)) logger.TurnFailed(what, fault, times);
            }
        }
    }

    /// <inheritdoc cref="RunAsync(Func{CancellationToken, Task}, CancellationToken)"/>
    public Task RunAsync(Action turn, CancellationToken stoppingToken) => RunAsync(
        _ =>
        {
            turn();
            return Task.CompletedTask;
        },
        stoppingToken);
}
