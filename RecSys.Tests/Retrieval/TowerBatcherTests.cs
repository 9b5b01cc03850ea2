using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class TowerBatcherTests
{
    // User u has u entries; entry p of user u is item 100 u + p, so that an item tells where it stands.
    private static TowerTrainingData Ladder(int users)
    {
        var items = ItemCatalog.Create(Enumerable.Range(0, 100 * users)
            .Select(i => new Item { Id = $"{i:D6}", Title = "t", Category = $"c{i % 7}", Tags = [$"t{i % 3}", $"t{i % 5}"] }));
        var directory = new UserDirectory(Enumerable.Range(0, users).Select(u => new User { Id = $"{u:D3}", Gender = "F" }));
        var events = Enumerable.Range(0, users)
            .SelectMany(u => Enumerable.Range(0, u).Select(p => new LogEvent(p, u, 100 * u + p, EventType.View, Device: 2)));
        return TowerTrainingData.FromLog(new InteractionLog(items, directory, [.. events.OrderBy(e => e.TimeMs)]));
    }

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(8, 20_000)]
    [InlineData(8, 0)]
    [InlineData(30, 20_000)]
    public void Epoch_Always_PredictsEachEntryOnceFromTheEntriesBeforeIt(int history, int fullSoftmaxItems)
    {
        const int users = 60;
        using var scope = NewDisposeScope();
        var data = Ladder(users);
        var options = new TwoTowerOptions { HistoryLength = history, BatchSize = 50, FullSoftmaxItems = fullSoftmaxItems, Negatives = 5 };
        var batcher = new TowerBatcher(data, new TowerSplit(data, 0, 1), options);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var targets = new List<int>();
            foreach (var batch in batcher.Epoch())
            {
                var width = (int)batch.Entries.shape[1];
                var (entries, rows, right) =
                    (batch.Entries.data<long>().ToArray(), batch.Rows.data<long>().ToArray(), batch.Targets.data<long>().ToArray());
                for (var i = 0; i < rows.Length; i++)
                {
                    var target = batch.Items[right[i]];
                    var (window, position) = ((int)rows[i] / (width + 1), (int)rows[i] % (width + 1));
                    var before = entries.AsSpan(window * width, position).ToArray().Select(place => batch.Items[place]).ToArray();
                    Assert.InRange(before.Length, Math.Min(target % 100, Math.Max(1, history / 4)), history);
                    Assert.Equal(Enumerable.Range(target - before.Length, before.Length), before);
                    Assert.InRange(before.Length, 0, target % 100);
                    targets.Add(target);
                }
                Assert.True(right.Max() < batch.CandidateCount);
            }
            Assert.Equal(Enumerable.Range(0, users).SelectMany(u => Enumerable.Range(0, u).Select(p => 100 * u + p)), targets.Order());
            Assert.Equal(batcher.TargetCount, targets.Count);
        }
    }

    [Fact]
    public void Epoch_UnusedItems_AreCandidatesUnlessNew()
    {
        using var scope = NewDisposeScope();
        // Ten events at 0, 1, ... ms, all of item 0; the middle is at 5. Of the others nothing but the creation time is known, and item 5
        // is new by decree.
        long?[] created = [null, null, 0, 5, 6, 0, 900];
        var items = ItemCatalog.Create(created.Select((ms, i) => new Item
        {
            Id = $"{i}", Title = "t", Category = "c", CreatedAt = ms is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null,
        }));
        var log = new InteractionLog(items, new UserDirectory(Enumerable.Range(0, 10).Select(u => new User { Id = $"{u}" })),
            [.. Enumerable.Range(0, 10).Select(u => new LogEvent(u, u, 0, EventType.View))]);
        var data = TowerTrainingData.FromLog(log, newItems: [false, false, false, false, false, true, false]);

        foreach (var fullSoftmaxItems in new[] { 20_000, 0 })
        {
            var batcher = new TowerBatcher(data, new TowerSplit(data, 0, 1),
                new TwoTowerOptions { FullSoftmaxItems = fullSoftmaxItems, Negatives = 500 });

            Assert.Equal([0, 1, 2, 3], batcher.KnownItems);
            Assert.All(batcher.Epoch(), batch => Assert.Equal([0, 1, 2, 3], batch.Items.Order()));
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.5, 1.5)]
    [InlineData(1, 1)]
    public void Epoch_ContextDropout_LeavesOutDeviceAndLocationAndKeepsTheProfile(double dropout, double expected)
    {
        using var scope = NewDisposeScope();
        var data = Ladder(60);
        var batcher = new TowerBatcher(data, new TowerSplit(data, 0, 1), new TwoTowerOptions { ContextDropout = dropout });

        // 1,770 targets; every user has a gender, every event a device.
        var buckets = batcher.Epoch().Sum(batch => batch.Buckets.shape[0]) / (double)batcher.TargetCount;

        Assert.Equal(expected, buckets, 0.06);
    }

    [Fact]
    public void Select_RowsOfOneKnownItem_AreLeftOut()
    {
        using var scope = NewDisposeScope();
        // Category of three, title word "odd" of the first alone, creator of the first and the unknown third.
        var items = ItemCatalog.Create(
        [
            new Item { Id = "0", Title = "odd", Category = "c", Creator = "maker" }, new Item { Id = "1", Title = "", Category = "c" },
            new Item { Id = "2", Title = "", Category = "c", Creator = "maker",
                Attributes = new Dictionary<string, AttributeValue> { ["kind"] = "new" } },
        ]);

        var all = new ItemContent(items, nowMs: 0).Select([0, 1, 2]);
        var shared = new ItemContent(items, nowMs: 0, known: [0, 1]).Select([0, 1, 2]);

        Assert.Equal([0, 6, 7], all.ByItem.Offsets.data<long>().ToArray());
        Assert.Equal(10, all.ByItem.Indices.shape[0]);
        Assert.Equal([0, 1, 2], shared.ByItem.Offsets.data<long>().ToArray());
        Assert.Equal([0, 0, 0], shared.ByItem.Indices.data<long>().ToArray());
    }

    [Fact]
    public void Select_NumbersInTheSameBand_ShareARow()
    {
        using var scope = NewDisposeScope();
        // 32 durations in 16 bands of two; nothing else is known.
        var items = ItemCatalog.Create(Enumerable.Range(0, 32)
            .Select(i => new Item { Id = $"{i:D2}", Title = "", Category = "", DurationSeconds = 10 * (i + 1) }));

        var content = new ItemContent(items, nowMs: 0).Select([.. Enumerable.Range(0, 32)]);

        var rows = content.ByItem.Indices.data<long>().ToArray();
        Assert.Equal(16, content.Rows.shape[0]);
        for (var i = 0; i < 32; i++) Assert.Equal(rows[i & ~1], rows[i]);
    }

    [Fact]
    public void Select_ByRow_GivesTheGradientOfByItem()
    {
        using var scope = NewDisposeScope();
        var content = new ItemContent(Ladder(3).Items, nowMs: 0).Select([5, 250, 5, 17]);
        random.manual_seed(2);
        var (table, upstream) = (randn(content.Rows.shape[0], 4).requires_grad_(), randn(4, 4));

        // The same bags as a dense matrix, through autograd.
        var dense = zeros(4, table.shape[0]);
        var (rows, offsets) = (content.ByItem.Indices.data<long>().ToArray(), content.ByItem.Offsets.data<long>().ToArray());
        for (var item = 0; item < 4; item++)
        {
            var end = item == 3 ? rows.Length : offsets[item + 1];
            for (var at = offsets[item]; at < end; at++) dense[item, rows[at]] += content.ByItem.Weights[at];
        }
        var expected = mm(dense, table);
        (expected * upstream).sum().backward();

        Assert.Equal(0, (expected - content.ByItem.Sum(table)).abs().max().item<float>(), 1e-5);
        Assert.Equal(0, (table.grad! - content.ByRow.Sum(upstream)).abs().max().item<float>(), 1e-5);
        Assert.Equal(rows.Length, content.ByRow.Indices.shape[0]);
    }

    [Fact]
    public void DropoutMasks_Apply_DropsTheShareAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        using var masks = new DropoutMasks(0.3, seed: 5);
        var (first, second) = (masks.Apply(ones(400, 500)), masks.Apply(ones(400, 500)));

        Assert.Equal(0.3, first.eq(0).to_type(ScalarType.Float32).mean().item<float>(), 0.01);
        Assert.Equal(1, first.mean().item<float>(), 0.01);
        // Independent masks drop the same value with probability 0.3 squared.
        Assert.Equal(0.09, first.add(second).eq(0).to_type(ScalarType.Float32).mean().item<float>(), 0.01);
    }
}
