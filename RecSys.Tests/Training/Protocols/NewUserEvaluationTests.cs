using RecSys.Api.Commands;
using RecSys.Core.Domain;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Protocols;

[Collection(TorchCollection.Name)]
public sealed class NewUserEvaluationTests
{
    private static readonly TrainingOptions Options = new()
    {
        Seed = 3,
        Towers = new TwoTowerOptions { Dimension = 16, Hidden = 32, MaxEpochs = 8, BatchSize = 256 },
        ChoiceRanker = new LightGbmOptions { Objective = "lambdarank", NumTrees = 30, MinDataInLeaf = 20 },
        Ranker = new LightGbmOptions { NumTrees = 30, MinDataInLeaf = 20 },
    };

    private static Task<NewUserReport> RunAsync(InteractionLog log, StartServing serve) => NewUserEvaluation.RunAsync(
        log, Options, serve, share: 0.2, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task RunAsync_TasteThatFollowsTheProfile_IsFoundBySegmentsAndNotByPopularity()
    {
        var report = await RunAsync(World(), ServedLists.StartAsync);

        Assert.Equal((60, 300), (report.Users, report.Choices));
        var (popular, segment) = (Row("popular"), Row("popular in segment"));
        // Everybody's first ten hold five items of either group, the group's own hold ten of it.
        Assert.True(segment.HitRate > 1.3 * popular.HitRate, report.ToTable());
        // The profile is all that a tower has here, and what it makes of it follows the segment the more, the more that weighs.
        Assert.True(Row("tower + 1 log segment").Ndcg > Row("retrieval").Ndcg, report.ToTable());
        // What a server lists, with a prior that knows the group beside it.
        Assert.True(Row("served + 1 log segment").HitRate > 1.2 * popular.HitRate, report.ToTable());
        Assert.All(report.Rows, row => Assert.Equal((1, 300), (row.Recall500, row.Choices)));
        // Nothing was shown to anybody.
        Assert.Empty(report.PassedOver);

        NewUserRow Row(string name) => report.Rows.Single(row => row.Name == name);
    }

    [Fact]
    public async Task RunAsync_ListsOfAnotherServer_AreMeasuredByTheirOrder()
    {
        // It lists item 7 third, which everybody chooses first, behind what nobody does.
        IServedLists lists = new FixedLists((150, 0.9), (50, 0.8), (7, 0.7));
        var report = await RunAsync(World(first: 7), (_, _, _) => Task.FromResult(lists));

        var served = report.Rows.Single(row => row.Name == "served");
        Assert.Equal(0.2, served.HitRate, 1e-9);
        Assert.Equal(0.2 / Math.Log2(4), served.Ndcg, 1e-9);
        Assert.Equal(served.Ndcg, served.ValidationNdcg, 1e-9);
        Assert.Equal(0.2, served.Recall500, 1e-9);
        // One of everybody's five choices is among the three; it is the most popular item, and the next two are somebody's.
        Assert.Equal((3, 0.2), (report.Union!.Candidates, Math.Round(report.Union.Recall, 9)));
        Assert.InRange(report.Union.PopularRecall, 0.2, 0.4);
        // A prior knows that everybody chooses it.
        Assert.Equal(0.2, report.Rows.Single(row => row.Name == "served + 1 log segment").Ndcg, 1e-9);
    }

    [Fact]
    public async Task RunAsync_NobodyHasChosenAnything_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            RunAsync(World().Where(e => e.Type == EventType.Impression), ServedLists.StartAsync));

        Assert.Contains("Too few users", failure.Message, StringComparison.Ordinal);
    }

    private sealed class FixedLists(params (int Item, double Score)[] list) : IServedLists
    {
        public Task<IReadOnlyList<(int Item, double Score)>> RankAsync(string userId, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<(int Item, double Score)>>(list);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    // 600 users, 200 items: women choose among the first hundred, men among the others, low numbers more often.
    private static InteractionLog World(int? first = null)
    {
        var random = new Random(11);
        var items = ItemCatalog.Create(Enumerable.Range(0, 200).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" }));
        User[] users = [.. Enumerable.Range(0, 600).Select(u => new User { Id = $"u{u}", Gender = u % 2 == 0 ? "F" : "M" })];
        var events = new List<LogEvent>();
        int ItemOf(int user)
        {
            while (true)
            {
                var item = (user % 2 * 100) + (int)(100 * Math.Pow(random.NextDouble(), 2));
                // The test that gives a first choice needs two that nobody makes.
                if (first is null || item is not (50 or 150)) return item;
            }
        }
        if (first is { } common) events.AddRange(users.Select((_, user) => new LogEvent(0, user, common, EventType.Click)));
        for (var round = 0; round < 10; round++)
        {
            for (var user = 0; user < users.Length; user++)
                events.Add(new LogEvent(events.Count * 1000L, user, ItemOf(user), EventType.Click));
        }
        return new InteractionLog(items, new UserDirectory(users), [.. events]);
    }
}
