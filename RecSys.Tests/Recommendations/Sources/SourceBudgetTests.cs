using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Tests.Fixtures;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations.Sources;

/// <summary>Real sources in a real runner: each has its own limit and its own time, and none can fail or hold up the request.</summary>
public sealed class SourceBudgetTests
{
    /// <summary>Every look at this clock costs 0.1 ms.</summary>
    private readonly FakeTimeProvider slow = new(RuleFixture.Now) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(0.1) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewItems_TimeIsUp_LeavesWhatItHasAndTheNextSourceHasItsOwnTime()
    {
        await using var fixture = await ManyItemsAsync();
        var young = Young(fixture);
        var later = new TestStage("later", StageKind.Retrieve, context => context.Candidates.Add(999, CandidateSources.Popular));

        Assert.True(await RunAsync(fixture, slow, new(young, Ms(1), FailurePolicy.FailOpen), new(later, Ms(1), FailurePolicy.FailOpen)));

        Assert.InRange(fixture.Ids.Length, 100, 200);
        Assert.Contains(999, fixture.Ids);
        Assert.Equal(["new_items"], fixture.Context.Degraded);
        // The best come first, so what is there is the head of the full list.
        Assert.Equal(Enumerable.Range(1, fixture.Ids.Length - 1), fixture.Ids[..^1]);
    }

    [Fact]
    public async Task NewItems_StagesBeforeLeftTheirTime_MayUseIt()
    {
        await using var fixture = await ManyItemsAsync();
        var quick = new TestStage("quick", StageKind.Retrieve, context => context.Candidates.Add(998, CandidateSources.Popular));

        // Too little for all 400 items alone (see above), and enough with what the first one leaves.
        await RunAsync(fixture, slow, new(quick, Ms(20), FailurePolicy.FailOpen), new(Young(fixture), Ms(1), FailurePolicy.FailOpen));

        Assert.Equal(401, fixture.Ids.Length);
        Assert.Empty(fixture.Context.Degraded);
    }

    [Fact]
    public async Task NewItems_NobodyWaits_TakesAllTheTimeItNeeds()
    {
        await using var fixture = await ManyItemsAsync();
        var young = Young(fixture);
        fixture.Begin(fixture.Context.Policy, effects: Effects.None);

        await RunAsync(fixture, slow, new StageEntry(young, Ms(1), FailurePolicy.FailOpen));

        Assert.Equal(400, fixture.Ids.Length);
        Assert.Empty(fixture.Context.Degraded);
    }

    [Fact]
    public async Task CoVisitation_TimeIsUp_KeepsNeighboursOfTheLatestItem()
    {
        await using var fixture = await ManyItemsAsync();
        // Item 500 + n goes with item n, and the user's last items are 0 to 19.
        for (var n = 0; n < 20; n++)
        {
            fixture.Live.Apply(Click($"other{n}", n));
            fixture.Live.Apply(Click("u", n));
            fixture.Live.Apply(Click($"other{n}", 500 + n));
        }
        fixture.Begin();

        await RunAsync(fixture, slow, new StageEntry(new CoVisitationSource(), Ms(0.65), FailurePolicy.FailOpen));

        Assert.Equal(["co_visitation"], fixture.Context.Degraded);
        Assert.InRange(fixture.Ids.Length, 1, 10);
        Assert.Equal(Enumerable.Range(0, fixture.Ids.Length).Select(i => 519 - i), fixture.Ids);
    }

    [Fact]
    public async Task Sources_OneWaitsForever_IsLeftAtItsBudgetAndMerged()
    {
        await using var fixture = await ManyItemsAsync();
        fixture.Begin(Policy.Default with { Candidates = 20, NewItemShare = 0.5 });
        var clock = new FakeTimeProvider(RuleFixture.Now);
        var remote = new TestStage("remote", StageKind.Retrieve, async (context, token) =>
        {
            context.Candidates.Add(3, CandidateSources.Trending);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
        });

        var running =
            RunAsync(fixture, clock, new(remote, Ms(3), FailurePolicy.FailOpen), new(Young(fixture), Ms(1), FailurePolicy.FailOpen));
        clock.Advance(Ms(3));

        Assert.True(await running);
        Assert.Equal(["remote"], fixture.Context.Degraded);
        Assert.Equal([3, 1, 2, 4, 5, 6, 7, 8, 9, 10], fixture.Ids);
        Assert.Equal(CandidateSources.Trending | CandidateSources.New, fixture.Context.Candidates.Items[0].Sources);
        Assert.Equal(Ms(3), fixture.Context.Timings[0].Elapsed);
    }

    [Fact]
    public async Task Popular_SearchFailed_TakesItsPlace()
    {
        await using var fixture = await ManyItemsAsync();
        fixture.Context.HasUserEmbedding = true;
        var popular = new PopularItems(slow, Options.Create(new SegmentOptions()));
        popular.Refresh(fixture.World, Ct);
        var broken = new TestStage("retrieve", StageKind.Retrieve, _ => throw new InvalidOperationException("the index is gone"));

        Assert.True(await RunAsync(
            fixture, TimeProvider.System,
            new(broken, Ms(5), FailurePolicy.FailOpen, "popular"),
            new(new PopularSource(popular), Ms(1), FailurePolicy.FailRequest)));

        Assert.Equal(["popular"], fixture.Context.Degraded);
        Assert.NotEmpty(fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), candidate => Assert.Equal(CandidateSources.Popular, candidate.Sources));
    }

    private static Task<RuleFixture> ManyItemsAsync() => RuleFixture.CreateAsync(
        Enumerable.Range(0, 1000)
            .Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c", CreatedAt = RuleFixture.Now.AddMinutes(-i) }));

    private static Event Click(string user, int item) =>
        new() { Id = $"{user}-{item}", UserId = user, ItemId = $"i{item}", Type = EventType.Click, Time = RuleFixture.Now };

    private static NewItemsSource Young(RuleFixture fixture)
    {
        if (fixture.Context.Policy.NewItemShare != 0.5) fixture.Begin(Policy.Default with { Candidates = 800, NewItemShare = 0.5 });
        var young = new NewItems(Options.Create(new NewItemOptions()), new FakeTimeProvider(RuleFixture.Now));
        young.Refresh(fixture.World, Ct);
        return new NewItemsSource(young);
    }

    private static async Task<bool> RunAsync(RuleFixture fixture, TimeProvider clock, params StageEntry[] stages)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var runner = new PipelineRunner(stages, clock,
            new PipelineMetrics(services.GetRequiredService<IMeterFactory>()), NullLogger<PipelineRunner>.Instance);
        return await runner.RunAsync(fixture.Context, Ct);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
