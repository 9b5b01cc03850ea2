using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.Weights;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class UserTowerTests
{
    private const int Targets = 4;
    private static readonly TwoTowerOptions Options = new() { Dimension = 32, HistoryLength = 20, Heads = 3, Hidden = 48, Dropout = 0, Threads = 1 };

    /// <summary>A module whose weights are all far from their initial values, so that each matters.</summary>
    private static UserTowerModule RandomModule(TwoTowerOptions options, int targets)
    {
        random.manual_seed(7);
        var module = new UserTowerModule(options, targets);
        using var guard = no_grad();
        foreach (var (_, parameter) in module.named_parameters()) parameter.add_(randn_like(parameter).mul_(0.2));
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

    [Fact]
    public void Embed_ThousandRandomUsers_EqualsTorch()
    {
        const int users = 1000;
        const int itemCount = 200;
        var options = new TwoTowerOptions { Threads = 1 };
        using var scope = NewDisposeScope();
        using var module = RandomModule(options, Targets);
        var tower = new UserTower(module.Export());
        var items = RandomItems(itemCount, options.Dimension);
        var draw = new Random(3);
        var width = UserTowerModule.Width(options.HistoryLength, Targets);
        var histories = Enumerable.Range(0, users).Select(u => Enumerable.Range(0, u % 70).Select(_ => draw.Next(itemCount)).ToArray()).ToArray();
        var profiles = Enumerable.Range(0, users).Select(u => Enumerable.Range(0, u % 5).Select(_ => draw.Next(ProfileBuckets.TableRows)).ToArray()).ToArray();

        var entries = new long[users * width];
        Array.Fill(entries, itemCount);
        for (var u = 0; u < users; u++)
        {
            for (var lag = 1; lag <= Math.Min(histories[u].Length, options.HistoryLength); lag++)
                entries[u * width + options.HistoryLength - lag] = histories[u][^lag];
        }
        var places = tensor(entries, [users, width]);
        var table = cat([tensor(items, [itemCount, options.Dimension]), zeros(1, options.Dimension)], 0);
        var vectors = table.index_select(0, places.flatten()).view(users, width, -1);
        var offsets = profiles.Select((_, u) => (long)profiles.Take(u).Sum(p => p.Length)).ToArray();
        var expected = module.Forward(vectors, places.ne(itemCount).to_type(ScalarType.Float32), arange(0, users * Targets, Targets, ScalarType.Int64),
            tensor(profiles.SelectMany(p => p).Select(b => (long)b).ToArray()), tensor(offsets)).data<float>().ToArray();

        for (var u = 0; u < users; u++)
        {
            var actual = Embed(tower, histories[u], profiles[u], items);
            for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[u * options.Dimension + i], actual[i], 1e-4);
            Assert.Equal(1, actual.Sum(v => v * v), 1e-4);
        }
    }

    [Fact]
    public void Forward_LaterEntriesChanged_EarlierTargetsStay()
    {
        using var scope = NewDisposeScope();
        using var module = RandomModule(Options, Targets);
        var width = UserTowerModule.Width(Options.HistoryLength, Targets);
        var entries = nn.functional.normalize(randn(1, width, Options.Dimension), 2, 2);
        var present = ones(1, width);
        Tensor Run(Tensor e, Tensor p) => module.Forward(e, p, arange(Targets), tensor(new long[] { 1, 2, 3, 4 }), tensor(new long[] { 0, 1, 2, 3 }));
        var before = Run(entries, present);

        for (var target = 0; target < Targets - 1; target++)
        {
            // Column HistoryLength + target holds the target's own entry, which only later targets may see.
            var (changed, gone) = (entries.clone(), present.clone());
            changed.narrow(1, Options.HistoryLength + target, width - Options.HistoryLength - target).mul_(-3);
            gone.narrow(1, Options.HistoryLength + target, width - Options.HistoryLength - target).zero_();
            var after = Run(changed, gone);

            Assert.True(before.narrow(0, 0, target + 1).equal(after.narrow(0, 0, target + 1)).all().item<bool>());
            Assert.True(before.narrow(0, target + 1, 1).sub(after.narrow(0, target + 1, 1)).abs().max().item<float>() > 1e-3);
        }
    }

    [Fact]
    public void Embed_HistoryBeyondTheLimit_UsesTheLatestInOrder()
    {
        using var module = RandomModule(Options, Targets);
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
        using var module = RandomModule(Options, Targets);
        var tower = new UserTower(module.Export());
        var items = RandomItems(50, Options.Dimension);
        var (history, profile, output) = (Enumerable.Range(0, 30).ToArray(), new[] { 1, 2 }, new float[Options.Dimension]);
        for (var i = 0; i < 50; i++) tower.Embed(history, profile, items, output);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) tower.Embed(history, profile, items, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Embed_RowOrBucketOrSpanThatDoesNotExist_IsRefused()
    {
        using var module = RandomModule(Options, Targets);
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
        using var module = RandomModule(Options, Targets);
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
        using var module = RandomModule(Options, Targets);
        foreach (var name in module.Export().Keys)
        {
            var missing = module.Export();
            missing.Remove(name);
            Assert.Throws<RecSysException>(() => new UserTower(missing));

            var misshapen = module.Export();
            misshapen[name] = new WeightTensor([7, 1], new float[7]);
            Assert.Throws<RecSysException>(() => new UserTower(misshapen));
        }
    }
}
