using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Sources;

namespace RecSys.Tests.Recommendations.Sources;

public sealed class RankedSourceTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static Item Make(int i, double? ageDays = null) =>
        new() { Id = $"i{i}", Title = $"t{i}", Category = "c", CreatedAt = ageDays is { } days ? RuleFixture.Now.AddDays(-days) : null };

    private static long HoursAgo(double hours) => NowMs - (long)TimeSpan.FromHours(hours).TotalMilliseconds;

    private static IEnumerable<LogEvent> Clicks(int item, int count, double fromHoursAgo, double toHoursAgo) =>
        Enumerable.Range(0, count)
            .Select(n => new LogEvent(HoursAgo(fromHoursAgo + (toHoursAgo - fromHoursAgo) * n / count), 0, item, EventType.Click));

    private static FakeTimeProvider Clock() => new(RuleFixture.Now);

    private static T Fresh<T>(RuleFixture fixture, T ranking)
        where T : IRanking
    {
        ranking.Refresh(fixture.World, TestContext.Current.CancellationToken);
        return ranking;
    }

    /// <summary>
    /// Item 0 grows, 1 is steady and larger, 2 fades, 3 grows but is flagged, 4 has two events only, 5 grows more than 0.
    /// </summary>
    private static Task<RuleFixture> TrendsAsync() => RuleFixture.CreateAsync(
        [Make(0), Make(1), Make(2), Make(3) with { Flagged = true }, Make(4), Make(5)],
        Clicks(0, 30, 12, 0).Concat(Clicks(1, 700, 24 * 40, 0)).Concat(Clicks(2, 100, 24 * 7, 24 * 3)).Concat(Clicks(3, 50, 12, 0))
            .Concat(Clicks(4, 2, 1, 0)).Concat(Clicks(5, 60, 12, 0)).OrderBy(e => e.TimeMs));

    [Fact]
    public async Task Trending_GrowingSteadyAndFadingItems_NamesTheGrowingOnes()
    {
        await using var fixture = await TrendsAsync();
        fixture.Begin(user: "nobody");

        await fixture.RunAsync(new TrendingSource(Fresh(fixture, new TrendingItems(Clock()))));

        Assert.Equal([5, 0], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(CandidateSources.Trending, c.Sources));
    }

    [Fact]
    public async Task Trending_Limit_IsKeptAndConsumedItemsTakeNoPlace()
    {
        await using var fixture = await TrendsAsync();
        fixture.Begin(Policy.Default with { TrendingLimit = 1 });
        var source = new TrendingSource(Fresh(fixture, new TrendingItems(Clock())));

        // The fixture's user made all those clicks.
        await fixture.RunAsync(source);
        Assert.Empty(fixture.Ids);

        fixture.Begin(fixture.Context.Policy, user: "nobody");
        await fixture.RunAsync(source);
        Assert.Equal([5], fixture.Ids);
    }

    // Decayed counts of a steady rate r per day are r and 7 r; 14 extra events today are 14 over the root of 7 + 1.
    [Theory]
    [InlineData(7, 49, 0)]
    [InlineData(21, 49, 4.949747)]
    [InlineData(0, 0, 0)]
    public void Excess_Counts_FollowsTheFormula(double day, double week, double expected) =>
        Assert.Equal(expected, TrendingItems.Excess(day, week), 1e-5);

    [Fact]
    public async Task NewItems_YoungItems_ComeLeastShownFirstThenYoungest()
    {
        var shown = Enumerable.Range(0, 5).Select(_ => new LogEvent(NowMs, 0, 0, EventType.Impression));
        await using var fixture = await RuleFixture.CreateAsync(
            [Make(0, 0), Make(1, 13), Make(2, 2), Make(3, 15), Make(4), Make(5, 1) with { Available = false }, Make(6, -3)], shown);
        fixture.Begin(user: "nobody");

        await fixture.RunAsync(new NewItemsSource(Fresh(fixture, new NewItems(Options.Create(new NewItemOptions()), Clock()))));

        Assert.Equal([2, 1, 0], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(CandidateSources.New, c.Sources));
    }

    [Fact]
    public async Task NewItems_Share_BoundsThem()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 100).Select(i => Make(i, i * 0.1)));
        fixture.Begin(Policy.Default with { Candidates = 100, NewItemShare = 0.1 });

        await fixture.RunAsync(new NewItemsSource(Fresh(fixture, new NewItems(Options.Create(new NewItemOptions()), Clock()))));

        // The fixture's only impression was item 0, on the same user.
        Assert.Equal(Enumerable.Range(1, 10), fixture.Ids);
    }
}
