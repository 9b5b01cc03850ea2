using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Recommendations;

public sealed class RankingRefresherTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(RuleFixture.Now);
    private readonly Counting sound = new("sound");
    private readonly Counting broken = new("broken");
    private readonly ListLogger<RankingRefresher> logger = new();

    private static WorldSource Worlds { get; } =
        new(LiveState.Of(new InteractionLog(ItemCatalog.Create([]), new UserDirectory([]), [])), new ModelPool<ServingModel>());

    private static ServingWorld World => Worlds.Take();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExecuteAsync_EveryMinute_RefreshesUntilStopped()
    {
        using var refresher = Create();
        await refresher.StartAsync(Ct);

        for (var minute = 1; minute <= 3; minute++)
        {
            clock.Advance(TimeSpan.FromSeconds(59));
            Assert.Equal((minute - 1).ToString(CultureInfo.InvariantCulture), sound.Value);
            clock.Advance(TimeSpan.FromSeconds(1));
            await sound.Refreshed.WaitAsync(Ct);
        }
        await refresher.StopAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("3", sound.Value);
    }

    [Fact]
    public async Task RefreshAll_OneFails_IsLoggedKeepsItsValueAndTheOthersGoOn()
    {
        using var refresher = Create();
        refresher.RefreshAll(Ct);
        broken.Fails = true;

        refresher.RefreshAll(Ct);
        Assert.Equal(("1", "2"), (broken.Value, sound.Value));
        Assert.Contains("broken", Assert.Single(logger.Messages), StringComparison.Ordinal);

        // It is tried again in the next minute.
        await refresher.StartAsync(Ct);
        broken.Fails = false;
        clock.Advance(TimeSpan.FromMinutes(1));
        for (var refresh = 0; refresh < 3; refresh++) await sound.Refreshed.WaitAsync(Ct);
        await refresher.StopAsync(Ct);
        Assert.Equal(("2", "3"), (broken.Value, sound.Value));
    }

    [Fact]
    public async Task ExecuteAsync_WorldThatCannotBeTaken_IsLoggedAndTheLoopGoesOn()
    {
        using var refresher = new RankingRefresher(new WorldSource(null!, null!), [broken, sound], clock, logger);
        await refresher.StartAsync(Ct);

        for (var minute = 1; minute <= 2; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Calls.EventuallyAsync(() => Task.FromResult(logger.Messages.Count), count => count >= 2 * minute);
        }

        Assert.False(refresher.ExecuteTask!.IsCompleted);
        Assert.Equal(("0", "0"), (broken.Value, sound.Value));
        await refresher.StopAsync(Ct);
    }

    [Fact]
    public void RefreshAll_Cancelled_StopsAtOnceAndIsNoFailure()
    {
        using var refresher = Create();

        Assert.Throws<OperationCanceledException>(() => refresher.RefreshAll(new CancellationToken(canceled: true)));

        Assert.Equal(("0", "0"), (broken.Value, sound.Value));
        Assert.Empty(logger.Messages);
    }

    [Fact]
    public async Task Current_WhileARefreshRuns_IsTheOldValue()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var value = new Refreshed<string>(
            (_, token) =>
            {
                entered.Release();
                release.Wait(token);
                return "new";
            }, "old");

        var refreshing = Task.Run(() => value.Refresh(World, Ct), Ct);
        await entered.WaitAsync(Ct);
        Assert.Equal("old", value.Current);
        release.Release();
        await refreshing;

        Assert.Equal("new", value.Current);
    }

    public void Dispose()
    {
        sound.Dispose();
        broken.Dispose();
    }

    private RankingRefresher Create() => new(Worlds, [broken, sound], clock, logger);

    /// <summary>Counts its refreshes; its value is how many succeeded.</summary>
    private sealed class Counting : IRanking, IDisposable
    {
        private readonly Refreshed<string> value;
        private int succeeded;

        public Counting(string name)
        {
            Name = name;
            value = new Refreshed<string>(
                (_, token) =>
                {
                    token.ThrowIfCancellationRequested();
                    return Fails ? throw new InvalidOperationException("no") : (++succeeded).ToString(CultureInfo.InvariantCulture);
                }, "0");
        }

        public string Name { get; }
        public bool Fails { get; set; }
        public string Value => value.Current;
        public SemaphoreSlim Refreshed { get; } = new(0);

        public void Refresh(ServingWorld world, CancellationToken cancellationToken)
        {
            value.Refresh(world, cancellationToken);
            Refreshed.Release();
        }

        public void Dispose() => Refreshed.Dispose();
    }
}
