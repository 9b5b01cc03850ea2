using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

/// <summary>What a request excludes, filters, boosts and names is what becomes of its list.</summary>
public sealed class RequestWishesTests
{
    private static readonly ExpressionLimits Limits = new();

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(150)]
    public async Task Filter_FewItemsPass_FillTheListHoweverFew(int passing)
    {
        // 60 items of the bundle and 140 newer ones; those that pass are spread over both.
        var prices = Enumerable.Range(0, 200).OrderBy(i => StableHash.Of($"{i}")).Select((item, rank) => (item, rank)).ToDictionary(
            each => each.item, each => each.rank < passing ? 100.0 + each.rank : 1);
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 200).Select(i => TestModels.Item(i) with { Price = prices[i], Title = $"t{i}", Available = i % 10 != 3 }));
        var wishes = new RequestWishes
        {
            Filter = Filter("price >= 100"),
            Excluded = new HashSet<int> { prices.First(p => p.Value == 100).Key },
        };
        fixture.Begin(Policy.Default with { Candidates = 40 }, user: "nobody", numItems: 12, wishes: wishes);

        await RunAsync(fixture);

        var servable = prices.Where(p => p.Value > 100 && p.Key % 10 != 3).Select(p => p.Key).ToHashSet();
        Assert.Subset(servable, fixture.Ids.ToHashSet());
        Assert.True(fixture.Ids.Length >= Math.Min(12, servable.Count), $"{fixture.Ids.Length} of {servable.Count}");
        Assert.Equal(servable.Count, fixture.Context.Narrowing.Count);
        // The nearest of those that pass are among them.
        var (items, scores) = (new int[12], new float[12]);
        var found = fixture.Context.Model.Search(fixture.Context.UserEmbedding, items, scores, servable.Contains);
        Assert.Subset(fixture.Ids.ToHashSet(), items[..found].ToHashSet());
    }

    [Fact]
    public async Task Filter_NarrowingFailed_StillLetsNothingElsePass()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 100).Select(TestModels.Item));
        fixture.Begin(numItems: 10, wishes: new RequestWishes { Filter = Filter("category = 'category 1'") });

        await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new TwoTowerSource(), new RequestFilter(), Refill(fixture));

        Assert.True(fixture.Ids.Length >= 10);
        Assert.All(fixture.Ids, item => Assert.Equal(1, item % 5));
        Assert.Contains(fixture.Context.Candidates.Removed, removed => removed.Reason == RequestFilter.NotPassing);
    }

    [Fact]
    public async Task Ladder_RequestWithAFilter_ServesNothingElse()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 30).Select(TestModels.Item));
        var lists = new LastLists(100);
        lists.Keep("u", [.. Enumerable.Range(0, 30)]);
        fixture.Begin(numItems: 4,
            wishes: new RequestWishes { Filter = Filter("category = 'category 2'"), Excluded = new HashSet<int> { 7 } });

        new FallbackLadder(lists, Popular(fixture)).Answer(fixture.Context);

        Assert.Equal([2, 12, 17, 22], fixture.Ids);
    }

    [Fact]
    public async Task Boost_ScoresOfAnySign_AreMultipliedWithinBounds()
    {
        double?[] prices = [2, 0.5, 100, 0, null, 3];
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 6).Select(i => TestModels.Item(i) with { Price = prices[i] }));
        fixture.Begin(wishes: new RequestWishes { Boost = ExpressionReader.Factor("price", Limits, out _) });
        fixture.Candidates(0.1, 0.2, 0.3, 0.4, 0.5, -0.1);

        await fixture.RunAsync(new RequestBoost());

        // A negative score rises with its boost, too.
        double[] expected = [0.2, 0.1, 3, 0.04, 0.5, 0.1];
        Assert.All(expected.Zip(fixture.Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public async Task Seeds_NamedItems_BringTheirNeighboursAndNotThemselves()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 60).Select(TestModels.Item));
        fixture.Begin(Policy.Default with { Candidates = 25 }, user: "nobody", wishes: new RequestWishes { Seeds = [17] });

        await fixture.RunAsync(new SeedSource());

        fixture.Context.Model.TryGet(17, out var seed);
        var (items, scores) = (new int[6], new float[6]);
        fixture.Context.Model.Search(seed, items, scores);
        Assert.Equal(items.Where(item => item != 17).Take(5).Order(), fixture.Ids.Order());
        Assert.All(fixture.Context.Candidates.Items.ToArray(), candidate => Assert.Equal(CandidateSources.Seeds, candidate.Sources));

        fixture.Begin(wishes: new RequestWishes { Seeds = [5000] });
        await fixture.RunAsync(new SeedSource());
        Assert.Empty(fixture.Ids);
        Assert.Equal(["seed_items"], fixture.Context.Degraded);
    }

    [Fact]
    public async Task AppliesTo_RequestWithoutWishes_LeavesTheStagesOut()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 10).Select(TestModels.Item));

        Assert.All((IStage[])[new NarrowStage(), new SeedSource(), new RequestFilter(), new RequestBoost()],
            stage => Assert.False(stage.AppliesTo(fixture.Context)));
        Assert.True(fixture.Context.Wants(3));
    }

    [Fact]
    public async Task Filter_OfTheUserAndTheRequest_KnowsBoth()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 50).Select(TestModels.Item));
        var wishes = new RequestWishes
        {
            Filter = Filter("price < context.most and popularity >= 0"),
            Context = new Dictionary<string, AttributeValue> { ["most"] = AttributeValue.Of(20) },
        };
        fixture.Begin(wishes: wishes);

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 3 != 0), Enumerable.Range(0, 50).Where(fixture.Context.Wants));
    }

    [Theory]
    [InlineData(5, "load,near,filter,rank")]
    [InlineData(1.5, "load,near,filter")]
    [InlineData(0.5, "load,filter")]
    public async Task Budget_OfTheRequestUsedUp_LeavesOutSourcesAndScoresAndNoFilter(double budgetMs, string ran)
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 10).Select(TestModels.Item));
        var time = new FakeTimeProvider();
        StageEntry Stage(string name, StageKind kind, FailurePolicy onFailure) => new(
            new TestStage(name, kind, _ => time.Advance(TimeSpan.FromMilliseconds(1))), TimeSpan.FromMilliseconds(9), onFailure);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var runner = new PipelineRunner(
        [
            Stage("load", StageKind.Enrich, FailurePolicy.FailOpen), Stage("near", StageKind.Retrieve, FailurePolicy.FailOpen),
            Stage("filter", StageKind.Filter, FailurePolicy.FailOpen), Stage("rank", StageKind.Score, FailurePolicy.FailOpen),
        ], time, new PipelineMetrics(meters), NullLogger<PipelineRunner>.Instance);
        fixture.Begin(wishes: new RequestWishes { Budget = TimeSpan.FromMilliseconds(budgetMs) });

        await runner.RunAsync(fixture.Context, TestContext.Current.CancellationToken);

        Assert.Equal(ran.Split(','), fixture.Context.Timings.Select(timing => timing.Stage));
        string[] leftOut = [.. ((string[])["near", "rank"]).Except(ran.Split(','))];
        Assert.Equal(leftOut.Length == 0 ? [] : [RecommendationContext.BudgetUsedUp, .. leftOut], fixture.Context.Degraded);
    }

    private static Expression<ItemFilter>? Filter(string text) => ExpressionReader.Filter(text, Limits, out _);

    private static Task RunAsync(RuleFixture fixture) => fixture.RunAsync(
        new UserEmbeddingStage(), new NormaliseStage(), new NarrowStage(), new TwoTowerSource(), new AvailabilityFilter(),
        new RequestFilter(), new SeenFilter(), new DuplicateFilter(), Refill(fixture));

    private static PopularItems Popular(RuleFixture fixture)
    {
        var popular = new PopularItems(new FakeTimeProvider(RuleFixture.Now), Options.Create(new SegmentOptions()));
        popular.Refresh(fixture.World, TestContext.Current.CancellationToken);
        return popular;
    }

    private static RefillSource Refill(RuleFixture fixture) => new(Popular(fixture));
}
