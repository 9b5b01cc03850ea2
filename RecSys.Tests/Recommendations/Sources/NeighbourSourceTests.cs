using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Models;

namespace RecSys.Tests.Recommendations.Sources;

/// <summary>Item-kNN in real requests, beside the search.</summary>
public sealed class NeighbourSourceTests
{
    private static readonly long NowMs = RuleFixture.Now.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Stages_AnyUser_ProposeWhatTrainingRowsAndEvaluationWouldHaveSeen()
    {
        var (both, alone) = (0, 0);
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var neighbours = new NeighbourSource(Table(random), 0.5);
            LogEvent[] events = [.. Enumerable.Range(0, 3 + seed)
                .Select(i => new LogEvent(NowMs - (20 - i) * 60_000, 0, random.Next(TestModels.Items), EventType.Click))];
            await using var fixture = await RuleFixture.CreateAsync(
                Enumerable.Range(0, TestModels.Items).Select(TestModels.Item), events, neighbours: neighbours);
            fixture.Begin(Policy.Default with { Candidates = 20 });
            await fixture.RunAsync(new UserEmbeddingStage(), new NormaliseStage(), new NeighbourSourceStage(), new TwoTowerSource());

            // The same moment in a replay; items are numbered as the bundle's rows.
            var log = new InteractionLog(fixture.Live.Catalog, new UserDirectory([new User { Id = "u" }]),
                [.. events, new LogEvent(NowMs, 0, 0, EventType.Click)]);
            using var view = new TowerView(Towers(), log, neighbours);
            var state = new FeatureState(log.Items);
            foreach (var e in events) state.Apply(e);
            var expected = new CandidateSearch(view, log, 20).Find(events.Length, log.Events[^1], state.FindUser(0)).ToArray();

            var taken = events.Select(e => e.Item).ToHashSet();
            var served = fixture.Context.Candidates.Items.ToArray().Where(candidate => !taken.Contains(candidate.Item)).ToArray();
            Assert.Equal(expected.Select(candidate => (candidate.Item, candidate.RetrievalRank)).Order(),
                served.Select(candidate => (candidate.Item, candidate.RetrievalRank)).Order());
            Assert.Equal(20, served.Length);
            both += served.Count(candidate => candidate.Sources == (CandidateSources.Neighbours | CandidateSources.TwoTower));
            alone += served.Count(candidate => candidate.Sources == CandidateSources.Neighbours);
        }
        Assert.True(both > 10 && alone > 10);
    }

    [Fact]
    public async Task ExecuteAsync_NeighbourThatMayNotBeServed_TakesNoPlace()
    {
        // Item 0 goes with 1 to 5; 1 is unavailable, 2 was hidden by the user, and two places are to be had.
        var table = new ItemTable([0, .. Enumerable.Repeat(5, TestModels.Items)], [1, 2, 3, 4, 5], [0.9f, 0.8f, 0.7f, 0.6f, 0.5f]);
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, TestModels.Items).Select(i => TestModels.Item(i) with { Available = i != 1 }),
            [new(NowMs - 2000, 0, 2, EventType.Hide), new(NowMs - 1000, 0, 0, EventType.Click)], neighbours: new(table, 0.2));
        fixture.Begin(Policy.Default with { Candidates = 10 });

        await fixture.RunAsync(new NeighbourSourceStage());

        Assert.Equal([3, 4], fixture.Ids);
    }

    [Fact]
    public async Task ExecuteAsync_ModelWithoutNeighboursOrUserWithoutHistory_AddsNothing()
    {
        LogEvent[] events = [new(NowMs - 1000, 0, 0, EventType.Click)];
        var items = Enumerable.Range(0, TestModels.Items).Select(TestModels.Item).ToArray();
        await using var without = await RuleFixture.CreateAsync(items, events);
        await using var with = await RuleFixture.CreateAsync(items, events, neighbours: new(Table(new Random(1)), 0.5));
        with.Begin(user: "somebody else");

        await without.RunAsync(new NeighbourSourceStage());
        await with.RunAsync(new NeighbourSourceStage());

        Assert.Empty(without.Ids);
        Assert.Empty(with.Ids);
    }

    private static ItemTable Table(Random random)
    {
        const int each = 6;
        return new ItemTable([.. Enumerable.Range(0, TestModels.Items + 1).Select(i => i * each)],
            [.. Enumerable.Range(0, TestModels.Items).SelectMany(_ =>
            {
                int[] all = [.. Enumerable.Range(0, TestModels.Items)];
                random.Shuffle(all);
                return all[..each];
            })],
            [.. Enumerable.Range(0, TestModels.Items * each).Select(_ => random.NextSingle() + 0.01f)]);
    }

    private static TwoTowerModel Towers() => new()
    {
        ItemEmbeddings = TestBundles.Embeddings(TestModels.Items, TestModels.Dimension).ToArray(),
        UserTower = TestModels.Tower(1),
        BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
        Epochs = [],
    };
}
