namespace RecSys.Core.Domain;

/// <summary>
/// Does something again and again beside the requests. A turn that fails is told, and the next one is as usual: what stands beside the
/// server must neither end it nor end unnoticed.
/// </summary>
/// <param name="pace">From one turn to the next.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Gets a failure, each cause every ten minutes at most, and how often it came since it was told last.</param>
internal sealed class SteadyTurns(TimeSpan pace, TimeProvider time, Action<Exception, long> tell)
{
    private readonly RepeatedReports failures = new(time, TimeSpan.FromMinutes(10));

    /// <summary>Goes on at a steady pace until it is stopped.</summary>
    /// <param name="turn">What is done.</param>
    /// <param name="stoppingToken">Stops.</param>
    public async Task RunAsync(Func<CancellationToken, Task> turn, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(turn, stoppingToken);
    }

    /// <inheritdoc cref="RunAsync(Func{CancellationToken, Task}, CancellationToken)"/>
    public Task RunAsync(Action turn, CancellationToken stoppingToken) => RunAsync(
        _ =>
        {
            turn();
            return Task.CompletedTask;
        },
        stoppingToken);

    /// <summary>
    /// Goes on until it is stopped, where each turn says how long to pause behind it; behind one that fails it is the pace.
    /// </summary>
    /// <param name="turn">What is done.</param>
    /// <param name="stoppingToken">Stops.</param>
    public async Task RunUnevenlyAsync(Func<CancellationToken, Task<TimeSpan>> turn, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = pace;
            await TryAsync(async cancellationToken => pause = await turn(cancellationToken), stoppingToken);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> turn, CancellationToken stoppingToken)
    {
        try
        {
            await turn(stoppingToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            if (failures.IsDue(fault, out var times)) tell(fault, times);
        }
    }
}
