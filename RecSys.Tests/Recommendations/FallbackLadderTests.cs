using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Tests.Recommendations;

public sealed class FallbackLadderTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static Item Make(int i) => new() { Id = $"i{i}", Title = $"t{i}", Category = "c", Available = i != 1, Flagged = i == 2 };

    private static LogEvent Click(int item, int times) => new(NowMs - times, 0, item, EventType.Click);

    [Fact]
    public async Task Answer_LastGoodList_IsServedWithoutWhatMayNotBeShownNow()
    {
        await using var fixture = await FixtureAsync(new LogEvent(NowMs, 0, 4, EventType.Hide));
        var lists = new LastLists(100);
        lists.Keep("u", [4, 3, 2, 1, 0, 99]);

        new FallbackLadder(lists, Popular(fixture)).Answer(fixture.Context);

        Assert.Equal([3, 0], fixture.Ids);
        Assert.Equal(["last_list"], fixture.Context.Degraded);
        Assert.Equal(2, fixture.Context.FallbackLevel);
    }

    [Fact]
    public async Task Answer_NoList_IsWhatIsPopular()
    {
        await using var fixture =
            await FixtureAsync([.. Enumerable.Range(0, 5).SelectMany(item => Enumerable.Range(1, item + 1).Select(n => Click(item, n)))]);

        new FallbackLadder(new LastLists(100), Popular(fixture)).Answer(fixture.Context);

        Assert.Equal([4, 3, 0], fixture.Ids);
        Assert.Equal(["popular"], fixture.Context.Degraded);
        Assert.Equal(3, fixture.Context.FallbackLevel);
        Assert.Equal("fallback", fixture.Context.NotPersonal);
    }

    [Fact]
    public async Task Answer_PolicyWithoutPopularItems_GivesTheScenariosLastListOrNothing()
    {
        await using var fixture = await FixtureAsync([.. Enumerable.Range(1, 3).Select(n => Click(3, n))]);
        var lists = new LastLists(100);
        lists.Keep("u", [4], "another");
        var ladder = new FallbackLadder(lists, Popular(fixture));
        fixture.Begin(Policy.Default with { Sources = PolicySources.Trending }, scenario: "trends");

        ladder.Answer(fixture.Context);
        Assert.Empty(fixture.Ids);
        Assert.Equal(["unavailable"], fixture.Context.Degraded);

        lists.Keep("u", [3, 0], "trends");
        fixture.Begin(fixture.Context.Policy, scenario: "trends");
        ladder.Answer(fixture.Context);
        Assert.Equal([3, 0], fixture.Ids);
        lists.Forget("u");
        Assert.True(lists.Find("u", "trends").IsEmpty && lists.Find("u", "another").IsEmpty);
    }

    [Fact]
    public async Task Answer_NothingServable_SaysUnavailable()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(1, 2).Select(Make));

        new FallbackLadder(new LastLists(100), Popular(fixture)).Answer(fixture.Context);

        Assert.Empty(fixture.Ids);
        Assert.Equal(["unavailable"], fixture.Context.Degraded);
        Assert.Equal(4, fixture.Context.FallbackLevel);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("co_visitation", 0)]
    [InlineData("retrieval_score", 1)]
    public async Task FallbackLevel_WithoutTheLadder_IsThatOfTheRanker(string? failed, int level)
    {
        await using var fixture = await FixtureAsync();

        if (failed is not null) fixture.Context.Degrade(failed);

        Assert.Equal(level, fixture.Context.FallbackLevel);
    }

    [Fact]
    public void LastLists_MoreUsersThanRoom_KeepsABoundedNumberAndTheLatest()
    {
        var lists = new LastLists(64);
        for (var user = 0; user < 10_000; user++) lists.Keep($"u{user}", [user]);

        var kept = Enumerable.Range(0, 10_000).Where(user => !lists.Find($"u{user}").IsEmpty).ToArray();

        Assert.InRange(kept.Length, 32, 64);
        Assert.All(kept, user => Assert.Equal([user], lists.Find($"u{user}")));
        Assert.Contains(9_999, kept);
        // Sixteen sets of four: what is kept is among the latest thousand with a chance of all but e^-50.
        Assert.All(kept, user => Assert.True(user > 9_000, $"u{user} is still there"));
        lists.Keep("u9999", [1, 2]);
        Assert.Equal([1, 2], lists.Find("u9999"));
        lists.Forget("u9999");
        Assert.True(lists.Find("u9999").IsEmpty);
    }

    [Fact]
    public void LastLists_NoRoom_KeepsNothing()
    {
        var lists = new LastLists(0);
        lists.Keep("u", [1]);

        Assert.True(lists.Find("u").IsEmpty);
    }

    private static Task<RuleFixture> FixtureAsync(params LogEvent[] events) =>
        RuleFixture.CreateAsync(Enumerable.Range(0, 5).Select(Make), events.OrderBy(e => e.TimeMs));

    private static PopularItems Popular(RuleFixture fixture)
    {
        var popular = new PopularItems(new FakeTimeProvider(RuleFixture.Now), Options.Create(new SegmentOptions()));
        popular.Refresh(fixture.World, TestContext.Current.CancellationToken);
        return popular;
    }
}
