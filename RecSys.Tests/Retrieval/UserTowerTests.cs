using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;
using static TorchSharp.torch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class UserTowerTests
{
    // Neither a multiple of the SIMD width nor of the panels that weights are packed in.
    private static readonly TwoTowerOptions Options = new() { Dimension = 36, HistoryLength = 20, Heads = 3, Blocks = 3, Hidden = 50,
        Dropout = 0, Threads = 1 };

    /// <summary>A module whose weights are all far from their initial values, so that each matters.</summary>
    private static UserTowerModule RandomModule(TwoTowerOptions options)
    {
        random.manual_seed(7);
        var module = new UserTowerModule(options);
        using var guard = no_grad();
        foreach (var (_, parameter) in module.named_parameters()) parameter.add_(randn_like(parameter).mul_(0.1));
        module.eval();
        return module;
    }

    private static float[] RandomItems(int count, int dimension)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(randn(count, dimension), 2, 1).data<float>().ToArray();
    }

    private static float[] Embed(UserTower tower, int[] history, int[] profile, float[] items)
    {
        var output = new float[tower.Dimension];
        tower.Embed(history, profile, items, output);
        return output;
    }

    private static void AssertEqualsTorch(TwoTowerOptions options, int users)
    {
        const int itemCount = 200;
        using var scope = NewDisposeScope();
        using var module = RandomModule(options);
        var tower = new UserTower(module.Export());
        var items = RandomItems(itemCount, options.Dimension);
        var draw = new Random(3);
        var most = options.HistoryLength;
        var histories = Enumerable.Range(0, users).Select(
            u => Enumerable.Range(0, u % (most + 20)).Select(_ => draw.Next(itemCount)).ToArray()).ToArray();
        var profiles = Enumerable.Range(0, users).Select(
            u => Enumerable.Range(0, u % 5).Select(_ => draw.Next(ProfileBuckets.TableRows)).ToArray()).ToArray();

        var (entries, rows) = (new long[users * most], new long[users]);
        Array.Fill(entries, itemCount);
        for (var u = 0; u < users; u++)
        {
            var read = histories[u].TakeLast(most).ToArray();
            for (var i = 0; i < read.Length; i++) entries[u * most + i] = read[i];
            rows[u] = u * (most + 1) + read.Length;
        }
        // The padding is far from zero: attention must not look at it.
        var table = cat([tensor(items, [itemCount, options.Dimension]), full(1, options.Dimension, 9f)], 0);
        var offsets = profiles.Select((_, u) => (long)profiles.Take(u).Sum(p => p.Length)).ToArray();
        using var guard = no_grad();
        var expected = module.Forward(table.index_select(0, tensor(entries)).view(users, most, -1), tensor(rows),
            tensor(profiles.SelectMany(p => p).Select(b => (long)b).ToArray()), tensor(offsets)).data<float>().ToArray();

        for (var u = 0; u < users; u++)
        {
            var actual = Embed(tower, histories[u], profiles[u], items);
            for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[u * options.Dimension + i], actual[i], 1e-4);
            Assert.Equal(1, actual.Sum(v => v * v), 1e-4);
        }
    }

    [Fact]
    public void Embed_ThousandRandomUsers_EqualsTorch() => AssertEqualsTorch(new TwoTowerOptions { Threads = 1 }, users: 1000);

    [Fact]
    public void Embed_OddSizes_EqualsTorch() => AssertEqualsTorch(Options, users: 100);

    [Fact]
    public void Embed_LongHistories_EqualsTorch() =>
        AssertEqualsTorch(new TwoTowerOptions { Dimension = 32, HistoryLength = 200, Heads = 2, Hidden = 64, Threads = 1 }, users: 230);

    [Fact]
    public void Forward_LaterEntriesChanged_EarlierPositionsStay()
    {
        const int width = 6;
        using var scope = NewDisposeScope();
        using var module = RandomModule(Options);
        var entries = nn.functional.normalize(randn(1, width, Options.Dimension), 2, 2);
        Tensor Run(Tensor e) => module.Forward(e, arange(width + 1), arange(width + 1), arange(width + 1));
        var before = Run(entries);

        for (var position = 0; position < width; position++)
        {
            // Position p has seen p entries, so entry p is the first that it must not see.
            var changed = entries.clone();
            changed.narrow(1, position, width - position).mul_(-3);
            var after = Run(changed);

            Assert.Equal(0, before.narrow(0, 0, position + 1).sub(after.narrow(0, 0, position + 1)).abs().max().item<float>(), 1e-6);
            Assert.True(before.narrow(0, position + 1, 1).sub(after.narrow(0, position + 1, 1)).abs().max().item<float>() > 1e-3);
        }
    }

    [Fact]
    public void UserTowerModule_HeadsThatCannotShareTheDimension_SaysSo()
    {
        var e = Assert.Throws<RecSysException>(() => new UserTowerModule(new TwoTowerOptions { Dimension = 30, Heads = 4 }));

        Assert.Contains("multiple", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_HistoryBeyondTheLimit_UsesTheLatestInOrder()
    {
        using var module = RandomModule(Options);
        var tower = new UserTower(module.Export());
        var items = RandomItems(50, Options.Dimension);
        int[] history = [.. Enumerable.Range(0, 45)];

        var whole = Embed(tower, history, [5], items);

        Assert.Equal(Embed(tower, history[^20..], [5], items), whole);
        Assert.NotEqual(Embed(tower, [.. history[^20..].Reverse()], [5], items), whole);
        Assert.NotEqual(Embed(tower, history, [6], items), whole);
    }

    [Fact]
    public void Embed_AfterTheFirst_AllocatesNothing()
    {
        using var module = RandomModule(Options);
        var tower = new UserTower(module.Export());
        var items = RandomItems(50, Options.Dimension);
        var (history, profile, output) = (Enumerable.Range(0, 30).ToArray(), new[] { 1, 2 }, new float[Options.Dimension]);

        Assert.Equal(0, Allocations.OfWarm(50, () => tower.Embed(history, profile, items, output)));
    }

    [Fact]
    public void Embed_RowOrBucketOrSpanThatDoesNotExist_IsRefused()
    {
        using var module = RandomModule(Options);
        var tower = new UserTower(module.Export());
        var items = RandomItems(5, Options.Dimension);

        Assert.Throws<ArgumentException>(() => Embed(tower, [5], [], items));
        Assert.Throws<ArgumentException>(() => Embed(tower, [-1], [], items));
        Assert.Throws<ArgumentException>(() => Embed(tower, [0], [ProfileBuckets.TableRows], items));
        Assert.Throws<ArgumentException>(() => tower.Embed([0], [], items, new float[Options.Dimension - 1]));
        Assert.Throws<ArgumentException>(() => tower.Embed([0], [], items.AsSpan(1), new float[Options.Dimension]));
    }

    [Fact]
    public void Load_WhatSaveWrote_EmbedsEqually()
    {
        using var module = RandomModule(Options);
        var tower = new UserTower(module.Export());
        var items = RandomItems(30, Options.Dimension);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            tower.Save(path);
            var loaded = UserTower.Load(path);

            Assert.Equal((tower.Dimension, tower.HistoryLength), (loaded.Dimension, loaded.HistoryLength));
            Assert.Equal(Embed(tower, [1, 2, 3], [9], items), Embed(loaded, [1, 2, 3], [9], items));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_TensorMissingOrMisshapen_IsRefused()
    {
        using var module = RandomModule(Options);
        foreach (var name in module.Export().Keys)
        {
            var missing = module.Export();
            missing.Remove(name);
            Assert.Throws<RecSysException>(() => new UserTower(missing));

            var misshapen = module.Export();
            misshapen[name] = new WeightTensor([7, 1], new float[7]);
            Assert.Throws<RecSysException>(() => new UserTower(misshapen));

            var broken = module.Export();
            broken[name].Values[0] = float.NaN;
            Assert.Throws<RecSysException>(() => new UserTower(broken));
        }
    }
}
