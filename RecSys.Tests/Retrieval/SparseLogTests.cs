using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Retrieval;

/// <summary>A shop of 40 groups of five items whose users stay in one group: four events a user tell little of each item.</summary>
[Collection(TorchCollection.Name)]
public sealed class SparseLogTests
{
    private const int Groups = 40;
    private const int InGroup = 5;

    [Fact]
    public void Train_SparseLogWithNothingSet_TellsTheNextItemWhereSettingsOfDenseLogsDoNot()
    {
        var data = TowerTrainingData.FromLog(Log());
        var open = new TwoTowerOptions { Dimension = 32, Hidden = 32, Threads = 1 };

        var chosen = TwoTowerTrainer.Train(data, open, null, TestContext.Current.CancellationToken);
        var dense = TwoTowerTrainer.Train(data, open.AsForDenseLogs(), null, TestContext.Current.CancellationToken);

        Assert.Contains("sparse", chosen.Settings, StringComparison.Ordinal);
        Assert.Equal((0.1, 0.06), (chosen.Temperature, dense.Temperature));
        // One of two items of the group is left: who knows the groups has 0.8, by chance it is below 0.05.
        Assert.InRange(chosen.BestEpoch.ValidNdcg10, 0.5, 1);
        Assert.InRange(dense.BestEpoch.ValidNdcg10, 0, chosen.BestEpoch.ValidNdcg10 / 2);
    }

    private static InteractionLog Log()
    {
        var random = new Random(3);
        var events = new List<LogEvent>();
        for (var user = 0; user < 600; user++)
        {
            var items = Enumerable.Range(random.Next(Groups) * InGroup, InGroup).ToArray();
            random.Shuffle(items);
            for (var at = 0; at < 4; at++) events.Add(new LogEvent(1_767_600_000_000 + user * 1000 + at, user, items[at], EventType.View));
        }
        return new InteractionLog(
            ItemCatalog.Create(Enumerable.Range(0, Groups * InGroup).Select(i => new Item { Id = $"i{i}", Title = "", Category = "" })),
            new UserDirectory(Enumerable.Range(0, 600).Select(i => new User { Id = $"u{i}" })), [.. events]);
    }
}
