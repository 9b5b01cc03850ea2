using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Tests.Fixtures;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Tests.Recommendations;

public sealed class PopularItemsTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static readonly User Woman = new() { Id = "w", Gender = "F", Age = 30 };
    private static readonly User Man = new() { Id = "m", Gender = "M", Age = 50 };

    private readonly FakeTimeProvider clock = new(RuleFixture.Now);
    private readonly SegmentOptions options = new() { MinEvents = 10 };
    private WorldSource worlds = null!;

    /// <summary>
    /// Item 0 leads among men of 50, item 1 among women of 30, item 2 on device 1, item 3 at place 9; item 4 is unavailable and leads
    /// everywhere.
    /// </summary>
    private PopularItems Create() => Create(out _);

    private PopularItems Create(out LiveState state)
    {
        var events = Clicks(0, 0, 50).Concat(Clicks(1, 1, 20)).Concat(Clicks(2, 2, 30, device: 1)).Concat(Clicks(2, 3, 40, location: 9))
            .Concat(Clicks(0, 4, 60)).Concat(Clicks(1, 4, 60)).Concat(Clicks(2, 4, 60, 1, 9)).ToArray();
        var items = Enumerable.Range(0, 6).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c", Available = i != 4 });
        state = LiveState.Of(
            new InteractionLog(ItemCatalog.Create(items), new UserDirectory([Man, Woman, new User { Id = "x" }]), events),
            new SegmentCounts(Options.Create(options)));
        worlds = new WorldSource(state, new ModelPool<ServingModel>());
        var popular = new PopularItems(clock, Options.Create(options));
        popular.Refresh(worlds.Take(), TestContext.Current.CancellationToken);
        return popular;
    }

    private static IEnumerable<LogEvent> Clicks(int user, int item, int count, byte device = 0, byte location = 0) =>
        Enumerable.Repeat(new LogEvent(NowMs, user, item, EventType.Click, Device: device, Location: location), count);

    [Fact]
    public void Current_Segments_LeadWithTheirOwnAndGoOnWithTheRest()
    {
        var popular = Create();

        Assert.Equal([0, 3, 2, 1, 5], popular.Current());
        Assert.Equal([1, 0, 3, 2, 5], popular.Current(Woman, 0, 0));
        Assert.Equal([0, 3, 2, 1, 5], popular.Current(Man, 0, 0));
        Assert.Equal([2, 0, 3, 1, 5], popular.Current(null, 1, 0));
        Assert.Equal([3, 0, 2, 1, 5], popular.Current(null, 1, 9));
        Assert.Equal([1, 0, 3, 2, 5], popular.Current(Woman with { Id = "other", Age = 26 }, 1, 9));
    }

    [Fact]
    public void Current_EventsSinceTheRefresh_ChangeNeitherOrderNorCounts()
    {
        var popular = Create(out var state);
        popular.Current(out var before);
        Assert.Equal([50, 40, 30, 20, 0], before);

        for (var n = 0; n < 100; n++)
            state.Apply(new Event { Id = $"e{n}", UserId = "m", ItemId = "i1", Type = EventType.Click, Time = RuleFixture.Now });
        Assert.Equal([0, 3, 2, 1, 5], popular.Current(out var stale));
        Assert.Equal([50, 40, 30, 20, 0], stale);

        popular.Refresh(worlds.Take(), TestContext.Current.CancellationToken);
        Assert.Equal([1, 0, 3, 2, 5], popular.Current(out var fresh));
        Assert.Equal([120, 50, 40, 30, 0], fresh);
    }

    [Fact]
    public void Current_SegmentUnknownOrTooSmall_GivesACoarserOneThenTheOverallRanking()
    {
        var popular = Create();

        Assert.Equal([0, 3, 2, 1, 5], popular.Current(null, 0, 0));
        Assert.Equal([0, 3, 2, 1, 5], popular.Current(null, 2, 77));
        // No woman of 70 was ever seen, but women were.
        Assert.Equal([1, 0, 3, 2, 5], popular.Current(Woman with { Age = 70 }, 0, 0));

        options.MinEvents = 1000;
        Assert.Equal([0, 3, 2, 1, 5], Create().Current(Woman, 1, 9));
    }

    [Fact]
    public void Current_SegmentOfLongAgo_IsTrustedNoMore()
    {
        options.DecayDays = 0.1;
        var popular = Create(out var state);
        state.FollowsClock = true;
        // Ten time constants: 80 events weigh as much as 0.004.
        clock.Advance(TimeSpan.FromDays(1));

        popular.Refresh(worlds.Take(), TestContext.Current.CancellationToken);

        Assert.Equal([0, 3, 2, 1, 5], popular.Current(Woman, 0, 0));
    }

    [Fact]
    public void DecayedCounts_ManyItemsAndLongTimes_KeepTheLeaders()
    {
        const double day = 86_400_000;
        var counts = new DecayedCounts(day, capacity: 10);
        var random = new Random(5);
        // Two years in days: the landmark moves seven times. Items 0 to 4 get half of the events.
        for (var n = 0; n < 20_000; n++) counts.Add(n % 2 == 0 ? n / 2 % 5 : random.Next(5, 100_000), (long)(n * 730 * day / 20_000));

        Assert.Equal([0, 1, 2, 3, 4], counts.Top(5, _ => true).Order());
        Assert.Equal([1, 3], counts.Top(5, item => item is 1 or 3).Order());
        // 20,000 events in 730 days are 27.4 a day, and the decayed number of a steady stream is its rate times the time constant.
        Assert.Equal(27.4, counts.TotalAt((long)(730 * day)), 0.6);
    }

    [Fact]
    public void Current_BeforeTheFirstRefresh_IsEmpty()
    {
        _ = Create();
        var popular = new PopularItems(clock, Options.Create(options));

        Assert.True(popular.Current().IsEmpty);
        Assert.True(popular.Current(Woman, 1, 9).IsEmpty);
        popular.Refresh(worlds.Take(), TestContext.Current.CancellationToken);
        Assert.Equal([0, 3, 2, 1, 5], popular.Current());
    }

    [Fact]
    public void Refresh_Cancelled_KeepsTheOldRanking()
    {
        var popular = Create();

        Assert.Throws<OperationCanceledException>(() => popular.Refresh(worlds.Take(), new CancellationToken(canceled: true)));

        Assert.Equal([0, 3, 2, 1, 5], popular.Current());
    }
}
