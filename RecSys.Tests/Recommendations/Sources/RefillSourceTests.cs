using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Recommendations.Sources;
using RecSys.Tests.Models;

namespace RecSys.Tests.Recommendations.Sources;

/// <summary>A list is never empty while anything servable is left, and what is left is taken in the stated order.</summary>
public sealed class RefillSourceTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    private static Item Make(int i) => new() { Id = $"i{i}", Title = $"t{i}", Category = "c" };

    private static LogEvent Shown(int item, double daysAgo) => new(DaysAgo(daysAgo), 0, item, EventType.Impression);

    private static long DaysAgo(double days) => NowMs - (long)TimeSpan.FromDays(days).TotalMilliseconds;

    [Fact]
    public async Task ExecuteAsync_EnoughCandidates_AddsNothing()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 50).Select(Make));
        fixture.Begin(numItems: 3, user: "nobody");
        fixture.Candidates(1, 2, 3);

        await fixture.RunAsync(Refill(fixture));

        Assert.Equal([0, 1, 2], fixture.Ids);
    }

    [Fact]
    public async Task ExecuteAsync_EverythingFilteredOut_AddsUnseenItemsOnly()
    {
        // 0 to 9 were shown lately, 10 is rejected, 11 unavailable, 12 consumed, 13 shown long ago; 14 to 16 are untouched.
        LogEvent[] events =
        [
            .. Enumerable.Range(0, 10).Select(i => Shown(i, 1 + i * 0.1)).Reverse(),
            new(DaysAgo(0.9), 0, 10, EventType.Hide), new(DaysAgo(0.8), 0, 12, EventType.Click),
        ];
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, 17).Select(i => Make(i) with { Available = i != 11 }), [Shown(13, 30), .. events]);
        fixture.Begin(numItems: 4);
        fixture.Candidates([.. Enumerable.Range(0, 10).Select(i => 1.0 - i * 0.01)]);

        await fixture.RunAsync(new SeenFilter(), Refill(fixture));

        Assert.Equal([13, 14, 15, 16], fixture.Ids.Order());
        Assert.Empty(fixture.Context.Degraded);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(CandidateSources.Deeper, c.Sources));
    }

    [Fact]
    public async Task ExecuteAsync_UserHasSeenEverything_GetsTheOldestSeenAgainAndIsTold()
    {
        // Shown in the order 5, 4, 3, 2, 1, 0; 3 was then consumed, 5 rejected, 4 is flagged.
        LogEvent[] events =
        [
            .. Enumerable.Range(0, 6).Select(i => Shown(5 - i, 6 - i)), new(DaysAgo(0.5), 0, 3, EventType.Click),
                new(DaysAgo(0.4), 0, 5, EventType.Dislike),
        ];
        await using var fixture =
            await RuleFixture.CreateAsync(Enumerable.Range(0, 6).Select(i => Make(i) with { Flagged = i == 4 }), events);
        fixture.Begin(numItems: 3);
        fixture.Candidates(1, 1, 1, 1, 1, 1);

        await fixture.RunAsync(new AvailabilityFilter(), new SeenFilter(), Refill(fixture));
        Assert.Equal([2, 1, 0], fixture.Ids);
        Assert.Equal(["repeats"], fixture.Context.Degraded);

        fixture.Begin(numItems: 20);
        await fixture.RunAsync(Refill(fixture));
        // What was consumed comes last; never the rejected, never the flagged.
        Assert.Equal([2, 1, 0, 3], fixture.Ids);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), c => Assert.Equal(CandidateSources.Repeated, c.Sources));
    }

    [Fact]
    public async Task ExecuteAsync_ManyCasesAtRandom_AgreesWithAPlainReckoning()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var items = Enumerable.Range(0, 60).Select(i => Make(i) with { Available = random.Next(4) > 0 }).ToArray();
            var events = Enumerable.Range(0, random.Next(150))
                .Select(_ =>
                    new LogEvent(DaysAgo(random.NextDouble() * 12), 0, random.Next(60),
                    random.Next(10) switch { 0 => EventType.Hide, 1 => EventType.Click, _ => EventType.Impression }))
                .OrderBy(e => e.TimeMs).ToArray();
            await using var fixture = await RuleFixture.CreateAsync(items, events);
            var wanted = random.Next(1, 40);
            fixture.Begin(numItems: wanted);

            await fixture.RunAsync(Refill(fixture));

            var rejected = events.Where(e => e.Type == EventType.Hide).Select(e => e.Item).ToHashSet();
            var seen = events.Where(e => e.Type == EventType.Click || (e.Type == EventType.Impression && e.TimeMs >= DaysAgo(7)))
                .Select(e => e.Item).ToHashSet();
            var servable = Enumerable.Range(0, 60).Where(i => items[i].Available && !rejected.Contains(i)).ToHashSet();
            Assert.Subset(servable, fixture.Ids.ToHashSet());
            Assert.Equal(fixture.Ids.Length, fixture.Ids.Distinct().Count());
            Assert.True(fixture.Ids.Length >= Math.Min(wanted, servable.Count), $"seed {seed}: {fixture.Ids.Length} of {wanted}");
            Assert.Equal(servable.Except(seen).Count() < wanted && servable.Overlaps(seen), fixture.Context.Degraded.Contains("repeats"));
            Assert.Equal(fixture.Context.Degraded.Count > 0, fixture.Ids.Any(seen.Contains));
        }
    }

    [Fact]
    public async Task ExecuteAsync_FiltersLeftLittle_AddsWhatAnExactSearchWithExclusionFinds()
    {
        var deeper = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            // 60 items of the bundle and 140 newer ones; a quarter may be served, some share a title, some were shown or consumed.
            var random = new Random(seed);
            var items = Enumerable.Range(0, 200)
                .Select(i => TestModels.Item(i) with { Available = random.Next(4) == 0, Title = $"t{random.Next(150)}", Creator = "x" })
                .ToArray();
            LogEvent[] events =
                [.. Enumerable.Range(0, 30).Select(i => Shown(random.Next(200), 3 - i * 0.1)), new(NowMs, 0, 5, EventType.Click)];
            await using var fixture = await RuleFixture.CreateAsync(items, events);
            var policy = Policy.Default with { Candidates = 10 };
            fixture.Begin(policy, numItems: 6);
            await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new TwoTowerSource(), new AvailabilityFilter(),
                new SeenFilter(), new DuplicateFilter());
            var left = fixture.Ids;

            await fixture.RunAsync(Refill(fixture));

            // Nearness of every item, whoever holds its vector; from the best on, what nothing speaks against.
            var (query, model) = (fixture.Context.UserEmbedding, fixture.Context.Model);
            var exact = Enumerable.Range(0, items.Length).Select(item =>
            {
                Assert.True(model.TryGet(item, out var vector));
                return (Item: item, Score: vector.ToArray().Zip(query, (a, b) => (double)a * b).Sum());
            }).OrderByDescending(entry => entry.Score).ToArray();
            var titles = left.Select(item => items[item].Title).ToHashSet();
            var seen = events.Select(e => e.Item).ToHashSet();
            int[] expected = left.Length >= 6 ? left :
            [
                .. left,
                .. exact.Where(entry => items[entry.Item].Available && !seen.Contains(entry.Item)
                        && !titles.Contains(items[entry.Item].Title))
                    .Take(12 - left.Length).DistinctBy(entry => items[entry.Item].Title).Select(entry => entry.Item),
            ];
            Assert.Equal(expected, fixture.Ids);
            deeper += expected.Length - left.Length;
            Assert.All(fixture.Context.Candidates.Items[left.Length..].ToArray(), candidate =>
            {
                Assert.Equal(CandidateSources.TwoTower | CandidateSources.Deeper, candidate.Sources);
                Assert.Equal(exact.Single(entry => entry.Item == candidate.Item).Score, candidate.RetrievalScore, 1e-5);
                Assert.True(candidate.RetrievalRank >= policy.Candidates);
            });
        }
        Assert.True(deeper > 30, $"{deeper} items");
    }

    [Fact]
    public async Task ExecuteAsync_NothingPassesWithinTheDepth_GoesOnWithTheOtherMeans()
    {
        // Only the six items that are farthest from the user may be served: 8 × 10 rows do not reach them among 300 newer ones.
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(100, 300).Select(TestModels.Item));
        fixture.Begin(Policy.Default with { Candidates = 10 }, numItems: 6);
        await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new TwoTowerSource());
        var (items, scores) = (new int[300], new float[300]);
        Assert.Equal(300, fixture.Context.Model.Search(fixture.Context.UserEmbedding, items, scores));
        foreach (var item in items[..^6]) fixture.Live.Catalog.Put(item, fixture.Live.Catalog[item] with { Available = false });

        await fixture.RunAsync(new AvailabilityFilter(), Refill(fixture));

        Assert.Equal(items[^6..].Order(), fixture.Ids.Order());
        Assert.All(fixture.Context.Candidates.Items.ToArray(), candidate => Assert.Equal(CandidateSources.Deeper, candidate.Sources));
    }

    [Fact]
    public async Task ExecuteAsync_TheSearchHasFailed_IsNotTriedAgain()
    {
        await using var fixture = await RuleFixture.CreateAsync(Enumerable.Range(0, 60).Select(TestModels.Item));
        fixture.Begin(Policy.Default with { Candidates = 10 }, numItems: 6);
        await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), Refill(fixture));

        Assert.Equal(12, fixture.Ids.Length);
        Assert.All(fixture.Context.Candidates.Items.ToArray(), candidate => Assert.Equal(CandidateSources.Deeper, candidate.Sources));
    }

    private static RefillSource Refill(RuleFixture fixture)
    {
        var popular = new PopularItems(new FakeTimeProvider(RuleFixture.Now), Options.Create(new SegmentOptions()));
        popular.Refresh(fixture.World, TestContext.Current.CancellationToken);
        return new RefillSource(popular);
    }
}
