using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Towers;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class TwoTowerTrainerTests
{
    private static readonly TwoTowerOptions Small = new()
    {
        Dimension = 16, Hidden = 32, HistoryLength = 10, Heads = 2, MaxEpochs = 6, BatchSize = 256, LearningRate = 0.01, Patience = 6,
            Threads = 1, Seed = 3,
    };

    /// <summary>Users stay inside one of the item groups, so a history tells which items come next; the last item is never used.</summary>
    private static InteractionLog GroupedWorld(int groups = 10, int perGroup = 20, int users = 300, int length = 12)
    {
        var random = new Random(1);
        var items = ItemCatalog.Create(Enumerable.Range(0, groups * perGroup + 1).Select(i =>
            new Item { Id = $"i{i}", Title = $"Title {i}", Category = $"c{i / perGroup}", Price = i % 7 == 0 ? null : i }));
        var directory = new UserDirectory(Enumerable.Range(0, users)
            .Select(u => new User { Id = $"u{u}", Gender = u % 2 == 0 ? "F" : "M", Age = 20 + u % 40 }));
        var events = new List<LogEvent>();
        for (var u = 0; u < users; u++)
        {
            var order = Enumerable.Range(0, perGroup).ToArray();
            random.Shuffle(order);
            for (var n = 0; n < length; n++)
                events.Add(new LogEvent(n * 1000L, u, u % groups * perGroup + order[n], EventType.View, Device: 1));
        }
        return new InteractionLog(items, directory, [.. events.OrderBy(e => e.TimeMs)]);
    }

    private sealed class Epochs : List<TowerEpoch>, IProgress<TowerEpoch>
    {
        public void Report(TowerEpoch value) => Add(value);
    }

    private static TwoTowerModel Train(InteractionLog log, TwoTowerOptions options, Epochs? epochs = null) =>
        TwoTowerTrainer.Train(TowerTrainingData.FromLog(log), options, epochs, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(20_000)]
    [InlineData(0)]
    public void Train_PlantedGroups_AreLearnt(int fullSoftmaxItems)
    {
        var epochs = new Epochs();

        var model = Train(GroupedWorld(), Small with { FullSoftmaxItems = fullSoftmaxItems, Negatives = 64 }, epochs);

        // 9 unseen items of the group are equally likely among 190 unseen ones: perfect knowledge reaches 0.5 NDCG@10 or so, chance 0.024.
        Assert.True(epochs[^1].Loss < epochs[0].Loss * 0.8, $"loss {epochs[0].Loss} to {epochs[^1].Loss}");
        Assert.True(model.BestEpoch.ValidNdcg10 > 0.3, $"NDCG {model.BestEpoch.ValidNdcg10}");
        Assert.True(model.BestEpoch.ValidAuc > 0.9, $"AUC {model.BestEpoch.ValidAuc}");
        Assert.Equal(epochs.Max(e => e.ValidNdcg10), model.BestEpoch.ValidNdcg10);
        Assert.Equal(epochs.Count, model.Epochs.Count);
    }

    [Fact]
    public void Train_ValidationGiven_AsksForThatAndLearnsFromTheWholeLog()
    {
        var log = GroupedWorld();
        var sequences = UserSequence.AllOf(log);
        // What is asked for is what one user has not taken of the group yet, and for the other something of another group.
        HeldOutEntry[] asked = [.. sequences.Take(40).Select(user => new HeldOutEntry(
            user.User, user.Sequence.ToArray(), (user.Sequence.Span[0] + 100) % 200))];

        var model = TwoTowerTrainer.Train(TowerTrainingData.FromLog(log, validation: asked), Small with { MaxEpochs = 2 }, null,
            TestContext.Current.CancellationToken);

        // The same computed with the model that came out, over the whole catalogue without seen items.
        var recommender = new TowerRecommender(model, log.Users);
        var scores = new float[log.Items.Count];
        var ndcg = asked.Average(entry =>
        {
            recommender.Score(new RankingQuery(entry.User, entry.History), scores);
            return RankingMetrics.Ndcg(FullRanking.RankOf(scores, entry.Item, entry.History), 10);
        });
        Assert.Equal(ndcg, model.BestEpoch.ValidNdcg10, 3);
        var heldOutOfTheLog = TowerValidation.Of(TowerTrainingData.FromLog(log), new TowerSplit(TowerTrainingData.FromLog(log), 5, 1));
        Assert.All(heldOutOfTheLog, entry =>
            Assert.True(sequences[entry.User].Sequence.Span.SequenceEqual([.. entry.History, entry.Item])));
    }

    [Fact]
    public void Train_SameSeedTwice_GivesTheSameModel()
    {
        var (first, second) = (Train(GroupedWorld(), Small with { MaxEpochs = 2 }), Train(GroupedWorld(), Small with { MaxEpochs = 2 }));

        for (var i = 0; i < first.ItemEmbeddings.Length; i++) Assert.Equal(first.ItemEmbeddings[i], second.ItemEmbeddings[i], 1e-4);
    }

    [Fact]
    public void Train_EpochsGiven_GoesSoFarOnTheSameScheduleAndKeepsTheLast()
    {
        var (all, some) = (new Epochs(), new Epochs());
        // Nothing is learnt, so that the first epoch is the best one.
        var options = Small with { MaxEpochs = 4, Patience = 4, LearningRate = 1e-6, IdScale = 0.5, Dropout = 0 };
        var free = Train(GroupedWorld(), options, all);

        var model = TwoTowerTrainer.Train(
            TowerTrainingData.FromLog(GroupedWorld()), options, some, null, TestContext.Current.CancellationToken, epochs: 3);

        Assert.Equal((3, 4), (model.BestEpoch.Epoch, model.BestEpoch.MaxEpochs));
        Assert.Equal(all.Take(3).Select(epoch => (epoch.Loss, epoch.ValidAuc)), some.Select(epoch => (epoch.Loss, epoch.ValidAuc)));
        Assert.Equal((4, 256, 4), (free.Used!.MaxEpochs, free.Used.BatchSize, free.Used.Patience));
        Assert.Equal(free.Temperature, free.Used.Temperature);
    }

    [Fact]
    public void Train_ItemWithoutEvents_LivesByItsContent()
    {
        const int cold = 200;
        var log = GroupedWorld();
        var placed = new InteractionLog(log.Items, log.Users, log.Events.ToArray());
        placed.Items.Put(cold, log.Items[cold] with { Category = "c3", Price = null });

        var data = TowerTrainingData.FromLog(placed, newItems: [.. Enumerable.Range(0, placed.Items.Count).Select(item => item == cold)]);
        var model = TwoTowerTrainer.Train(data, Small with { ItemIdDropout = 0.5 }, null, TestContext.Current.CancellationToken);

        var vectors = Enumerable.Range(0, cold + 1).Select(i => model.ItemEmbeddings.AsSpan(i * 16, 16).ToArray()).ToArray();
        Assert.All(vectors, v => Assert.Equal(1, v.Sum(x => x * x), 1e-3));
        var nearest = Enumerable.Range(0, cold).OrderByDescending(i => vectors[i].Zip(vectors[cold], (a, b) => a * b).Sum()).Take(10);
        Assert.True(nearest.Count(i => i / 20 == 3) >= 7, "the nearest items share the cold item's category");
    }

    [Fact]
    public void Train_ItemWithoutEventsButWithText_LivesByItsText()
    {
        const int cold = 200;
        const int groups = 10;
        var log = GroupedWorld();
        // Only the text says which group an item belongs to, and it says so weakly, beside a large part that all texts share.
        var plain = ItemCatalog.Create(Enumerable.Range(0, log.Items.Count)
            .Select(i => new Item { Id = log.Items[i].Id, Title = "t", Category = "c" }));
        var texts = new float[plain.Count * (groups + 1)];
        for (var i = 0; i < plain.Count; i++)
        {
            texts[i * (groups + 1)] = 0.99f;
            texts[i * (groups + 1) + 1 + (i == cold ? 3 : i / 20)] = 0.14f;
        }
        var data = TowerTrainingData.FromLog(new InteractionLog(plain, log.Users, log.Events.ToArray()), new ItemTexts(texts, groups + 1),
            [.. Enumerable.Range(0, plain.Count).Select(item => item == cold)]);

        var model = TwoTowerTrainer.Train(data, Small with { ItemIdDropout = 0.5 }, null, TestContext.Current.CancellationToken);

        var vectors = Enumerable.Range(0, cold + 1).Select(i => model.ItemEmbeddings.AsSpan(i * 16, 16).ToArray()).ToArray();
        var nearest = Enumerable.Range(0, cold).OrderByDescending(i => vectors[i].Zip(vectors[cold], (a, b) => a * b).Sum()).Take(10);
        Assert.True(nearest.Count(i => i / 20 == 3) >= 7, "the nearest items share the cold item's text");
    }

    [Fact]
    public void Train_TimeBudgetUsedUp_StopsWithAModel()
    {
        var epochs = new Epochs();

        var model = Train(GroupedWorld(), Small with { MaxEpochs = 1000, Patience = 1000, TimeBudget = TimeSpan.FromMilliseconds(1) },
            epochs);

        Assert.Single(epochs);
        Assert.All(model.ItemEmbeddings, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Train_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            TwoTowerTrainer.Train(TowerTrainingData.FromLog(GroupedWorld()), Small, null, cancelled.Token));
    }

    [Fact]
    public void Train_NoPositiveEvents_SaysSo()
    {
        var log = GroupedWorld().Where(e => e.Type == EventType.Impression);

        var e = Assert.Throws<RecSysException>(() => Train(log, Small));

        Assert.Contains("no positive events", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_UsersTooShortToHoldOut_StillTrains()
    {
        var model = Train(GroupedWorld(length: 2), Small with { MaxEpochs = 2 });

        Assert.True(double.IsNaN(model.BestEpoch.ValidNdcg10));
        Assert.Equal(2, model.BestEpoch.Epoch);
    }

    [Fact]
    public void FromLog_RepeatsAndOtherEvents_FollowTheSequenceRule()
    {
        var items = ItemCatalog.Create(Enumerable.Range(0, 3).Select(i => new Item { Id = $"{i}", Title = "t", Category = "c" }));
        var users = new UserDirectory([new User { Id = "a" }, new User { Id = "b" }, new User { Id = "none" }]);
        LogEvent[] events =
        [
            new(1, 0, 2, EventType.Impression), new(2, 0, 2, EventType.Click, Device: 3), new(3, 1, 1, EventType.View),
            new(4, 0, 2, EventType.Like), new(5, 0, 0, EventType.Purchase, Location: 9), new(6, 0, 1, EventType.Hide),
        ];

        var data = TowerTrainingData.FromLog(new InteractionLog(items, users, events));

        Assert.Equal([2, 0], data.Sequence(0).ToArray());
        Assert.Equal([1], data.Sequence(1).ToArray());
        Assert.True(data.Sequence(2).IsEmpty);
        Assert.Equal((3, 9), (data.Device(0, 0), data.Location(0, 1)));
        Assert.Equal(3, data.EntryCount);
    }
}
