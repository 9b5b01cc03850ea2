using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;

namespace RecSys.Tests.Domain;

public sealed class SteadyTurnsTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = new();
    private readonly List<(string Fault, long Times)> told = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TurnsThatFail_AreToldOnceInTenMinutesAndGoOn()
    {
        using var stop = new CancellationTokenSource();
        using var turns = new SemaphoreSlim(0);
        var running = Turns().RunAsync(
            () =>
            {
                turns.Release();
                throw new InvalidOperationException("broken");
            },
            stop.Token);

        for (var turn = 0; turn < 3; turn++)
        {
            clock.Advance(Pace);
            await turns.WaitAsync(Ct);
        }

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal([("broken", 1)], told);
    }

    [Fact]
    public async Task Run_Stopped_EndsWithinATurn()
    {
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var running = Turns().RunAsync(
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
        Assert.Empty(told);
    }

    // What a turn cancels by itself, such as a call that took too long, is a fault like any other.
    [Fact]
    public async Task RunUnevenly_TurnsWithPausesOfTheirOwn_AreAsFarApartAndThePaceBehindAFault()
    {
        using var stop = new CancellationTokenSource();
        var (starts, turns) = (new List<TimeSpan>(), new Queue<Func<TimeSpan>>([
            () => TimeSpan.Zero, () => TimeSpan.FromSeconds(2), () => throw new OperationCanceledException("late"), () => TimeSpan.Zero,
        ]));
        var began = clock.GetUtcNow();
        var running = Turns().RunUnevenlyAsync(
            async _ =>
            {
                starts.Add(clock.GetUtcNow() - began);
                if (!turns.TryDequeue(out var turn)) await stop.CancelAsync();
                return turn?.Invoke() ?? TimeSpan.Zero;
            },
            stop.Token);

        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Ct);
        }

        Assert.Equal([0, 0, 2, 7, 7], starts.Select(start => start.TotalSeconds));
        Assert.Equal([("late", 1)], told);
    }

    private SteadyTurns Turns() => new(Pace, clock, (fault, times) => told.Add((fault.Message, times)));
}
