using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Protocols;

[Collection(TorchCollection.Name)]
public sealed class NewUserEvaluationTests
{
    [Fact]
    public void Run_TasteThatFollowsTheProfile_IsFoundBySegmentsAndNotByPopularity()
    {
        var report = NewUserEvaluation.Run(
            World(), new TrainingOptions { Seed = 3,
                Towers = new TwoTowerOptions { Dimension = 16, Hidden = 32, MaxEpochs = 8, BatchSize = 256 } }, share: 0.2,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((60, 300), (report.Users, report.Choices));
        var (popular, segment) = (Row("popular"), Row("popular in segment"));
        // Everybody's first ten hold five items of either group, the group's own hold ten of it.
        Assert.True(segment.HitRate > 1.3 * popular.HitRate, report.ToTable());
        // The profile is all that a tower has here, and what it makes of it follows the segment the more, the more that weighs.
        Assert.True(Row("tower + 1 log segment").Ndcg > Row("retrieval").Ndcg, report.ToTable());
        Assert.All(report.Rows, row => Assert.Equal(1, row.Recall500));

        NewUserRow Row(string name) => report.Rows.Single(row => row.Name == name);
    }

    [Fact]
    public void Run_NobodyHasChosenAnything_SaysSo()
    {
        var failure = Assert.Throws<RecSysException>(() => NewUserEvaluation.Run(
            World().Where(e => e.Type == EventType.Impression), new TrainingOptions(),
            cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("Too few users", failure.Message, StringComparison.Ordinal);
    }

    // 600 users, 200 items: women choose among the first hundred, men among the others, low numbers more often.
    private static InteractionLog World()
    {
        var random = new Random(11);
        var items = ItemCatalog.Create(Enumerable.Range(0, 200).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" }));
        User[] users = [.. Enumerable.Range(0, 600).Select(u => new User { Id = $"u{u}", Gender = u % 2 == 0 ? "F" : "M" })];
        var events = new List<LogEvent>();
        for (var round = 0; round < 10; round++)
        {
            for (var user = 0; user < users.Length; user++)
                events.Add(new LogEvent(events.Count * 1000L, user, (user % 2 * 100) + (int)(100 * Math.Pow(random.NextDouble(), 2)),
                    EventType.Click));
        }
        return new InteractionLog(items, new UserDirectory(users), [.. events]);
    }
}
