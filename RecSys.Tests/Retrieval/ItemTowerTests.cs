using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class ItemTowerTests
{
    private const int Count = 300;
    private const long NowMs = 1_700_000_123_456;

    // Neither a multiple of the SIMD width nor of the panels that weights are packed in.
    private static readonly TwoTowerOptions Odd = new() { Dimension = 36, Hidden = 50, Threads = 1 };

    private static ItemCatalog Items()
    {
        var random = new Random(11);
        return ItemCatalog.Create(Enumerable.Range(0, Count).Select(i => new Item
        {
            Id = $"i{i}",
            Title = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => $"wörd{random.Next(60)}")),
            Category = random.Next(10) == 0 ? "" : $"c{random.Next(8)}",
            Tags = [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"t{random.Next(20)}")],
            Creator = random.Next(3) == 0 ? null : $"maker {random.Next(30)}",
            Price = random.Next(3) == 0 ? null : random.NextDouble() * 200,
            DurationSeconds = random.Next(3) == 0 ? null : random.Next(5000),
            CreatedAt = random.Next(4) == 0
                ? null : DateTimeOffset.FromUnixTimeMilliseconds(NowMs - random.NextInt64(-10_000_000_000, 100_000_000_000)),
            Attributes = random.Next(2) == 0
                ? new Dictionary<string, AttributeValue>()
                : new Dictionary<string, AttributeValue> { ["colour"] = $"{random.Next(5)}", ["size"] = AttributeValue.Of(random.Next(5)),
                ["kind"] = AttributeValue.Of(["a", $"{random.Next(3)}"]) },
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Embed_KnownAndNewItemsWithAndWithoutText_EqualsTorch(bool withText)
    {
        const int textDimension = 21;
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        random.manual_seed(5);
        var items = Items();
        var texts = withText ? randn(Count, textDimension).mul_(0.1).add_(0.3).data<float>().ToArray() : null;
        // The second half is new to the tower: what only they have, counts for nothing.
        var content =
            new ItemContent(items, NowMs, texts is null ? null : new ItemTexts(texts, textDimension), [.. Enumerable.Range(0, Count / 2)]);
        using var module = new ItemTowerModule(Odd, content.TextDimension);
        using var guard = no_grad();
        foreach (var (_, parameter) in module.named_parameters()) parameter.add_(randn_like(parameter).mul_(0.2));
        module.eval();
        var (table, ids) = (randn(ItemContentScheme.TableRows, Odd.Dimension), randn(Count, Odd.Dimension));
        int[] rows = [.. Enumerable.Range(0, ItemContentScheme.TableRows).Where(row => content.Kept![row])];
        Assert.InRange(rows.Length, 50, 2000);
        var tensors = ItemTower.Tensors(module.Export(), content, rows,
            table.index_select(0, tensor(Array.ConvertAll(rows, row => (long)row))).data<float>().ToArray());
        new ItemTower(tensors).Save(folder["item_tower.safetensors"]);
        var tower = ItemTower.Load(folder["item_tower.safetensors"]);
        Assert.Equal((Odd.Dimension, withText ? textDimension : 0), (tower.Dimension, tower.TextDimension));

        foreach (var known in (bool[])[false, true])
        {
            var bags = content.Select([.. Enumerable.Range(0, Count)]);
            var expected = module.call(ids, full(Count, 1, known ? 1f : 0f), bags.ByItem.Sum(table.index_select(0, bags.Rows)),
                bags).data<float>().ToArray();
            var id = ids.data<float>().ToArray();
            var actual = new float[Odd.Dimension];
            for (var item = 0; item < Count; item++)
            {
                tower.Embed(items[item], known ? id.AsSpan(item * Odd.Dimension, Odd.Dimension) : [],
                    texts is null ? [] : texts.AsSpan(item * textDimension, textDimension), actual);
                for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[item * Odd.Dimension + i], actual[i], 1e-4);
                Assert.Equal(1, TensorPrimitives.Norm<float>(actual), 1e-5);
            }
        }
    }

    [Fact]
    public void Embed_TextNotThereYet_IsAsForAnAverageText()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var items = Items();
        var texts = randn(Count, 5).data<float>().ToArray();
        var content = new ItemContent(items, NowMs, new ItemTexts(texts, 5));
        using var module = new ItemTowerModule(Odd, 5);
        var tower = new ItemTower(ItemTower.Tensors(module.Export(), content, [], []));
        var mean = Enumerable.Range(0, 5).Select(column => Enumerable.Range(0, Count).Average(item => texts[item * 5 + column])).ToArray();
        float[] without = new float[36], average = new float[36], other = new float[36];

        tower.Embed(items[3], without);
        tower.Embed(items[3], [], mean, average);
        tower.Embed(items[3], [], texts.AsSpan(15, 5), other);

        for (var i = 0; i < without.Length; i++) Assert.Equal(average[i], without[i], 1e-5);
        Assert.True(TensorPrimitives.Distance<float>(without, other) > 0.01);
    }

    [Fact]
    public async Task Train_ColdAndKnownItems_AreEmbeddedByServing()
    {
        var log = Grouped(out var cold);
        var hidden = cold;
        var data = TowerTrainingData.FromLog(log.Where(e => !hidden[e.Item]), newItems: cold);
        var model = TwoTowerTrainer.Train(data, new TwoTowerOptions
        {
            Dimension = 16, Hidden = 32, HistoryLength = 10, MaxEpochs = 3, BatchSize = 256, LearningRate = 0.01, ItemIdDropout = 0.5,
                Threads = 1, Seed = 3,
        }, null, TestContext.Current.CancellationToken);

        using var folder = new TemporaryFolder();
        await IdVectors.SaveAsync(folder["ids"], model.Ids!, TestContext.Current.CancellationToken);
        using var ids = new IdVectors(folder["ids"], log.Items.Count, 16);
        var (id, actual) = (new float[16], new float[16]);
        var known = 0;
        for (var item = 0; item < log.Items.Count; item++)
        {
            var used = ids.TryRead(item, id);
            known += used ? 1 : 0;
            Assert.Equal(!cold[item], used);
            model.ItemTower!.Embed(log.Items[item], used ? id : [], [], actual);
            for (var i = 0; i < 16; i++) Assert.Equal(model.ItemEmbeddings[item * 16 + i], actual[i], 1e-4);
        }
        Assert.Equal(180, known);
    }

    [Fact]
    public void Embed_HiddenItems_AreFoundAsTheColdItemProtocolFindsThem()
    {
        // As ColdItemEvaluation does it: events of some items are hidden, and users' choices of these items are ranked.
        var log = Grouped(out var cold);
        var model = TwoTowerTrainer.Train(TowerTrainingData.FromLog(log.Where(e => !cold[e.Item]), newItems: cold), new TwoTowerOptions
        {
            Dimension = 16, Hidden = 32, HistoryLength = 10, MaxEpochs = 4, BatchSize = 256, LearningRate = 0.01, ItemIdDropout = 0.5,
                Threads = 1, Seed = 3,
        }, null, TestContext.Current.CancellationToken);
        var live = (float[])model.ItemEmbeddings.Clone();
        for (var item = 0; item < cold.Length; item++)
        {
            if (cold[item]) model.ItemTower!.Embed(log.Items[item], live.AsSpan(item * 16, 16));
        }

        var (protocol, served, choices) = (0, 0, 0);
        var query = new float[16];
        for (var user = 0; user < log.Users.Count; user++)
        {
            int[] sequence = [.. log.Events.ToArray().Where(e => e.User == user).Select(e => e.Item)];
            int[] history = [.. sequence.Where(item => !cold[item])];
            model.UserTower.Embed(history, log.Users[user], 0, 0, model.ItemEmbeddings, query);
            foreach (var item in sequence.Where(item => cold[item]))
            {
                choices++;
                protocol += RankOf(model.ItemEmbeddings) <= 20 ? 1 : 0;
                served += RankOf(live) <= 20 ? 1 : 0;

                double RankOf(float[] vectors) => FullRanking.RankOf(
                    [.. Enumerable.Range(0, cold.Length).Select(i => TensorPrimitives.Dot<float>(query, vectors.AsSpan(i * 16, 16)))], item,
                    history);
            }
        }
        Assert.InRange(choices, 200, 600);
        Assert.Equal(protocol, served);
        // By chance it would be a tenth.
        Assert.True(served > choices / 2, $"{served} of {choices}");
    }

    [Fact]
    public void Load_OtherLayoutOrRows_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["item_tower.safetensors"];
        Refused("content.layout", values => values[1]++, "in another way");
        Refused("content.rows", values => values[1] = values[0], "twice");
        Refused("content.rows", values => values[0] = -1, "does not exist");
        Refused("content.rows", values => values[0] = 0.5f, "does not exist");
        Refused("unknown", values => values[0] = float.NaN, "not finite");

        void Refused(string name, Action<float[]> damage, string named)
        {
            TestModels.ItemTower(1).Save(path);
            var tensors = Safetensors.Read(path);
            damage(tensors[name].Values);
            Assert.Contains(named, Assert.Throws<RecSysException>(() => new ItemTower(tensors)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Embed_WrongSpans_IsRefused()
    {
        var tower = TestModels.ItemTower(1, textDimension: 3);
        var output = new float[TestModels.Dimension];

        Assert.Throws<ArgumentException>(() => tower.Embed(TestModels.Item(1), new float[2]));
        Assert.Throws<ArgumentException>(() => tower.Embed(TestModels.Item(1), new float[2], [], output));
        Assert.Throws<ArgumentException>(() => tower.Embed(TestModels.Item(1), [], new float[2], output));
    }

    /// <summary>Users stay inside a group of 20 items, which the category tells; every tenth item is cold.</summary>
    private static InteractionLog Grouped(out bool[] cold)
    {
        const int groups = 10, perGroup = 20, users = 300;
        var random = new Random(1);
        var items = ItemCatalog.Create(Enumerable.Range(0, groups * perGroup).Select(i =>
            new Item { Id = $"i{i}", Title = $"Title {i}", Category = $"c{i / perGroup}", Price = i % 7 == 0 ? null : i }));
        cold = [.. Enumerable.Range(0, items.Count).Select(i => i % 10 == 3)];
        var events = new List<LogEvent>();
        for (var u = 0; u < users; u++)
        {
            var order = Enumerable.Range(0, perGroup).ToArray();
            random.Shuffle(order);
            for (var n = 0; n < 12; n++)
                events.Add(new LogEvent(n * 1000L, u, u % groups * perGroup + order[n], EventType.View, Device: 1));
        }
        return new InteractionLog(items, new UserDirectory(Enumerable.Range(0, users).Select(u => new User { Id = $"u{u}" })),
            [.. events.OrderBy(e => e.TimeMs)]);
    }
}
