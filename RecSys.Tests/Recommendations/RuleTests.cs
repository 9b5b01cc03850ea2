using RecSys.Core.Domain;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;

namespace RecSys.Tests.Recommendations;

public sealed class RuleTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static Item Make(int i, string category = "a") => new() { Id = $"i{i}", Title = $"title {i}", Category = category };

    private static long DaysAgo(double days) => NowMs - (long)TimeSpan.FromDays(days).TotalMilliseconds;

    [Theory]
    [InlineData(0, 0.09)]
    [InlineData(6, 0.08)]
    [InlineData(30, 0.04)]
    [InlineData(54, 0)]
    [InlineData(400, 0)]
    [InlineData(-3, 0.09)]
    public void FreshnessBoostOf_AgeInDays_FollowsTheFormula(double age, double boost) =>
        Assert.Equal(boost, FreshnessBoost.BoostOf(age, Policy.Default), 12);

    [Fact]
    public async Task FreshnessBoost_YoungAndOldItem_RaisesTheYoungOneOnly()
    {
        await using var fixture = await RuleFixture.CreateAsync(
            [Make(0) with { CreatedAt = RuleFixture.Now.AddDays(-6) }, Make(1) with { CreatedAt = RuleFixture.Now.AddYears(-1) }, Make(2)]);
        fixture.Candidates(0.5, 0.5, 0.5);

        await fixture.RunAsync(new FreshnessBoost());

        Assert.Equal(0.54, fixture.Scores[0], 12);
        Assert.Equal([0.5, 0.5], fixture.Scores[1..]);
    }

    [Fact]
    public async Task FreshnessBoost_NegativeScore_StillRises()
    {
        await using var fixture = await RuleFixture.CreateAsync([Make(0) with { CreatedAt = RuleFixture.Now }]);
        fixture.Candidates(-0.5);

        await fixture.RunAsync(new FreshnessBoost());

        Assert.Equal(-0.455, fixture.Scores[0], 12);
    }

    [Fact]
    public async Task DiversityRule_OneCategoryLeads_HasAtMostThreeInTheTopTenAndStaysInScoreOrder()
    {
        // Items 0-9 of one category score best; 10-24 are spread over five others.
        await using var fixture =
            await RuleFixture.CreateAsync(Enumerable.Range(0, 25).Select(i => Make(i, i < 10 ? "lead" : $"other{i % 5}")));
        fixture.Candidates([.. Enumerable.Range(0, 25).Select(i => 1.0 - i * 0.01)]);

        await fixture.RunAsync(new DiversityRule(), new OrderStage());

        var categories = fixture.Ids.Select(id => id < 10 ? "lead" : $"other{id % 5}").ToArray();
        Assert.All(categories.Take(10).GroupBy(c => c), group => Assert.True(group.Count() <= 3, $"{group.Key}: {group.Count()}"));
        Assert.Equal(25, fixture.Ids.Distinct().Count());
        Assert.Equal([0, 1, 2, 10, 11, 12, 13, 14, 15, 16], fixture.Ids[..10]);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], fixture.Ids[10..17]);
        Assert.Equal(fixture.Scores.OrderDescending(), fixture.Scores);
    }

    [Fact]
    public async Task DiversityRule_TooFewCategories_FillsTheTopWithTheBestOfTheSurplus()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 12).Select(i => Make(i, i < 11 ? "a" : "b")));
        fixture.Candidates([.. Enumerable.Range(0, 12).Select(i => 1.0 - i * 0.01)]);

        await fixture.RunAsync(new DiversityRule(), new OrderStage());

        Assert.Equal([0, 1, 2, 11, 3, 4, 5, 6, 7, 8, 9, 10], fixture.Ids);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("")]
    public async Task DiversityRule_OneOrNoCategory_ChangesNoScore(string category)
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 60).Select(i => Make(i, category)));
        double[] scores = [.. Enumerable.Range(0, 60).Select(i => 1.0 - i / 2 * 0.01)];
        fixture.Candidates(scores);

        await fixture.RunAsync(new DiversityRule());

        Assert.Equal(scores, fixture.Scores);
    }

    [Fact]
    public async Task DiversityRule_AnyItems_RaisesNoScore()
    {
        await using var fixture =
            await RuleFixture.CreateAsync(Enumerable.Range(0, 40).Select(i => Make(i, i < 30 ? "a" : i < 34 ? "b" : "")));
        double[] scores = [.. Enumerable.Range(0, 40).Select(i => 1.0 - (i * 7 % 40) * 0.01)];
        fixture.Candidates(scores);

        await fixture.RunAsync(new DiversityRule());

        Assert.All(fixture.Scores.Zip(scores), pair => Assert.True(pair.First <= pair.Second));
        Assert.NotEqual(scores, fixture.Scores);
    }

    [Fact]
    public async Task SeenFilter_ConsumedRejectedShown_EachGoesWithItsReason()
    {
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 6).Select(i => Make(i)),
            [
                new LogEvent(DaysAgo(400), 0, 0, EventType.View),
                new LogEvent(DaysAgo(300), 0, 1, EventType.Hide),
                new LogEvent(DaysAgo(8), 0, 2, EventType.Impression),
                new LogEvent(DaysAgo(6), 0, 3, EventType.Impression),
                new LogEvent(DaysAgo(1), 0, 4, EventType.Click),
            ]);
        fixture.Candidates(1, 1, 1, 1, 1, 1);

        await fixture.RunAsync(new SeenFilter());

        Assert.Equal([2, 5], fixture.Ids);
        Assert.Equal(
            [(0, "already_consumed"), (1, "rejected"), (3, "recently_shown"), (4, "already_consumed")],
            fixture.Context.Candidates.Removed.Select(removed => (removed.Item, removed.Reason)));
    }

    [Fact]
    public async Task SeenFilter_ConsumedWindow_LetsOldConsumptionReturn()
    {
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 2).Select(i => Make(i)),
            [new LogEvent(DaysAgo(40), 0, 0, EventType.Purchase), new LogEvent(DaysAgo(20), 0, 1, EventType.Purchase),
                new LogEvent(NowMs, 0, 1, EventType.Purchase)]);
        fixture.Begin(Policy.Default with { ConsumedDays = 30 });
        fixture.Candidates(1, 1);

        await fixture.RunAsync(new SeenFilter());

        Assert.Equal([0], fixture.Ids);
    }

    [Fact]
    public async Task AvailabilityFilterAndSafetyRule_FlaggedOrUnavailable_NeverPass()
    {
        await using var fixture =
            await RuleFixture.CreateAsync([Make(0), Make(1) with { Flagged = true }, Make(2) with { Available = false }]);
        fixture.Candidates(0.1, 0.9, 0.9);
        await fixture.RunAsync(new AvailabilityFilter());
        Assert.Equal([0], fixture.Ids);

        await using var second =
            await RuleFixture.CreateAsync([Make(0), Make(1) with { Flagged = true }, Make(2) with { Available = false }]);
        second.Candidates(0.1, 0.9, 0.9);
        await second.RunAsync(new SafetyRule());
        Assert.Equal([0], second.Ids);
    }

    [Fact]
    public async Task DuplicateFilter_SameTitleAndCreator_KeepsTheFirst()
    {
        await using var fixture = await RuleFixture.CreateAsync(
            [Make(0) with { Creator = "x" }, Make(1) with { Title = "title 0", Creator = "x" },
                Make(2) with { Title = "title 0", Creator = "y" }]);
        fixture.Candidates(1, 1, 1);

        await fixture.RunAsync(new DuplicateFilter());

        Assert.Equal([0, 2], fixture.Ids);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("N/A", "x")]
    [InlineData("untitled", null)]
    [InlineData("A song", null)]
    public async Task DuplicateFilter_TitleThatTellsNothingApart_KeepsAll(string title, string? creator)
    {
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 3).Select(i => Make(i) with { Title = title, Creator = creator }));
        fixture.Candidates(1, 1, 1);

        await fixture.RunAsync(new DuplicateFilter());

        Assert.Equal([0, 1, 2], fixture.Ids);
    }

    [Fact]
    public async Task SelectStage_MoreThanAskedFor_IsCut()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 30).Select(i => Make(i)));
        fixture.Candidates([.. Enumerable.Range(0, 30).Select(i => 1.0 - i * 0.01)]);

        await fixture.RunAsync(new SelectStage());

        Assert.Equal(Enumerable.Range(0, 20), fixture.Ids);
    }
}
