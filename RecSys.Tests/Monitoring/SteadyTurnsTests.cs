using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Monitoring;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring;

public sealed class SteadyTurnsTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = new();
    private readonly ListLogger<SteadyTurnsTests> log = new();

    [Fact]
    public async Task Run_TurnsThatFail_AreToldOnceInTenMinutesAndGoOn()
    {
        using var stop = new CancellationTokenSource();
        using var turns = new SemaphoreSlim(0);
        var running = new SteadyTurns("count of drift", Pace, clock, log).RunAsync(
            () =>
            {
                turns.Release();
                throw new InvalidOperationException("broken");
            },
            stop.Token);

        for (var turn = 0; turn < 3; turn++)
        {
            clock.Advance(Pace);
            await turns.WaitAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("The count of drift failed (1 times since the last line); the next one is as usual", Assert.Single(log.Messages));
    }

    [Fact]
    public async Task Run_Stopped_EndsWithinATurn()
    {
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var running = new SteadyTurns("count of drift", Pace, clock, log).RunAsync(
            async cancellationToken =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            stop.Token);
        clock.Advance(Pace);
        await begun.Task;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(log.Messages);
    }
}
