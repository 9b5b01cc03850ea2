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
    public async Task RunUnevenly_TurnsWithPausesOfTheirOwn_PausesAsTheySayAndByThePaceBehindAFault()
    {
        using var stop = new CancellationTokenSource();
        var hasty = new HastyClock();
        var turns = new Queue<Func<TimeSpan>>(
        [
            () => TimeSpan.Zero, () => TimeSpan.FromSeconds(2), () => throw new OperationCanceledException("late"), () => TimeSpan.Zero,
        ]);

        await new SteadyTurns(Pace, hasty, Tell).RunUnevenlyAsync(
            async _ =>
            {
                if (turns.TryDequeue(out var turn)) return turn();
                await stop.CancelAsync();
                return TimeSpan.Zero;
            },
            stop.Token);

        Assert.Equal([TimeSpan.FromSeconds(2), Pace], hasty.Pauses);
        Assert.Equal([("late", 1)], told);
    }

    private SteadyTurns Turns() => new(Pace, clock, Tell);

    private void Tell(Exception fault, long times) => told.Add((fault.Message, times));

    /// <summary>Whoever pauses goes on at once, and what they wanted is kept.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
