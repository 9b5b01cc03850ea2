using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelLoaderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoadAsync_SoundVersion_IsInMemoryAndServesNobody()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");

        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);
        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);

        var model = Assert.Single(rig.Pool.List());
        Assert.Equal((PooledState.Live, 0), (model.State, model.Share));
        Assert.Equal(MemoryBudget.BytesOf(await BundleManifest.ReadAsync(folder["v1.0.0"], Ct)), model.Bytes);
        Assert.Null(rig.Pool.Champion);
    }

    [Fact]
    public async Task LoadAsync_ManyAtOnce_LoadOnce()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => rig.Loader.LoadAsync("v1.0.0", Ct))));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Single(rig.Pool.List());
    }

    // 2 of 200 are just 1 %.
    [Theory]
    [InlineData(200, 2, false)]
    [InlineData(200, 3, true)]
    [InlineData(200, 200, true)]
    public async Task LoadAsync_ItemsThatWereNeverNumbered_AreToleratedUpToOnePercent(int items, int unknown, bool refused)
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        string[] ids = [.. Enumerable.Range(0, items).Select(i => $"item-{i}")];
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", ContentsOf(ids), Ct);
        // Growth does not count: half of the catalogue is newer than the bundle.
        rig.Catalog = PoolRig.CatalogOf([.. ids.Skip(unknown), .. ids.Select(id => $"new-{id}")]);
        // Neither do tombstones.
        for (var number = 0; number < (items - unknown) / 2; number++) Assert.True(rig.Catalog.Remove(number));

        var refusal = (await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal;

        Assert.Equal(refused, refusal is not null);
        if (refusal is null) return;
        Assert.Equal(RefusalCause.Coverage, refusal.Cause);
        var figures = FormattableString.Invariant($"{unknown} of its {items} ({100.0 * unknown / items:0.0} %");
        Assert.Contains(figures, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("item-0, item-1, item-2.", refusal.Reason, StringComparison.Ordinal);
        Assert.False(rig.Pool.IsLive("v1.0.0"));
    }

    [Fact]
    public async Task LoadAsync_RefusedForItsItems_IsTriedAgainWhenTheCatalogueGrows()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");
        var ids = TestModels.Contents().ItemIds;
        rig.Catalog = PoolRig.CatalogOf(ids.Take(54));

        var first = await rig.Loader.LoadAsync("v1.0.0", Ct);
        var second = await rig.Loader.LoadAsync("v1.0.0", Ct);
        rig.Catalog = PoolRig.CatalogOf(ids);
        var third = await rig.Loader.LoadAsync("v1.0.0", Ct);

        Assert.Contains("6 of its 60 (10.0 %", first.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal((true, false), (first.IsNews, second.IsNews));
        Assert.Same(first.Refusal, second.Refusal);
        Assert.Null(third.Refusal);
    }

    [Fact]
    public async Task LoadAsync_RefusedFiles_AreReadAgainOnlyWhenTheyChange()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");
        var ranker = folder["v1.0.0/ranker.txt"];
        var sound = await File.ReadAllBytesAsync(ranker, Ct);
        byte[] damaged = [.. sound];
        damaged[100] ^= 1;
        await File.WriteAllBytesAsync(ranker, damaged, Ct);

        var first = await rig.Loader.LoadAsync("v1.0.0", Ct);
        var second = await rig.Loader.LoadAsync("v1.0.0", Ct);
        // Other damage, other files: read again, and news although the cause is the same.
        damaged[101] ^= 1;
        await File.WriteAllBytesAsync(ranker, damaged, Ct);
        var third = await rig.Loader.LoadAsync("v1.0.0", Ct);
        await File.WriteAllBytesAsync(ranker, sound, Ct);
        var fourth = await rig.Loader.LoadAsync("v1.0.0", Ct);

        Assert.Contains("ranker.txt has sha256", first.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal((RefusalCause.Unsound, true, false, true), (first.Refusal.Cause, first.IsNews, second.IsNews, third.IsNews));
        Assert.Same(first.Refusal, second.Refusal);
        Assert.Null(fourth.Refusal);
        Assert.Null(rig.Pool.RefusalOf("v1.0.0"));
    }

    [Fact]
    public async Task LoadAsync_VersionThatIsNotThere_IsRefusedUntilItIs()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);

        Assert.Contains("There is no bundle", (await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("not allowed", (await rig.Loader.LoadAsync("../v1.0.0", Ct)).Refusal!.Reason, StringComparison.Ordinal);
        await rig.PublishAsync("v1.0.0");

        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);
    }

    [Fact]
    public async Task LoadAsync_NoRoom_IsRefusedWithFiguresAndTheChampionStays()
    {
        using var folder = new TemporaryFolder();
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", Large(), Ct);
        await BundleWriter.PublishAsync(folder.Path, "v1.0.1", Large(), Ct);
        using var rig = Limited(folder, 6 << 20);
        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);
        rig.Pool.Promote("v1.0.0");

        var first = await rig.Loader.LoadAsync("v1.0.1", Ct);
        var second = await rig.Loader.LoadAsync("v1.0.1", Ct);

        Assert.Equal((RefusalCause.Memory, true, false), (first.Refusal!.Cause, first.IsNews, second.IsNews));
        Assert.Matches("v1.0.1 needs about 4 MiB of memory, 1 MiB are free", first.Refusal.Reason);
        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Equal(1, rig.Pool.List().Count(model => model.State == PooledState.Champion));
    }

    [Fact]
    public async Task Swap_ToAChampionThatDoesNotFit_IsRefusedAndTheFormerOneServesOn()
    {
        using var folder = new TemporaryFolder();
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", Large(), Ct);
        await BundleWriter.PublishAsync(folder.Path, "v1.0.1", Large(), Ct);
        using var rig = Limited(folder, 6 << 20);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        Assert.Empty(await rig.Start.RunAsync(Ct));
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);

        for (var look = 0; look < 3; look++) Assert.False(await rig.Watcher.CheckAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        using var lease = rig.Pool.AcquireChampion();
        Assert.Equal("v1.0.0", lease.Model.Bundle.Manifest.Version);
        var line = Assert.Single(rig.Log.Messages);
        Assert.Contains("v1.0.1 was refused, v1.0.0 goes on serving", line, StringComparison.Ordinal);
        Assert.Contains("raise ModelPool:MaxBytes", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_RoomTakenByTheChampionBefore_GivesThatOneUp()
    {
        using var folder = new TemporaryFolder();
        string[] versions = ["v1.0.0", "v1.0.1", "v1.0.2"];
        foreach (var version in versions) await BundleWriter.PublishAsync(folder.Path, version, Large(), Ct);
        using var rig = Limited(folder, 10 << 20);
        foreach (var version in versions)
        {
            Assert.Null((await rig.Loader.LoadAsync(version, Ct)).Refusal);
            rig.Pool.Promote(version);
        }

        Assert.Equal(["v1.0.1", "v1.0.2"], rig.Pool.List().Select(model => model.Version));
        // A lease keeps it in memory, and then there is no room.
        Assert.True(rig.Pool.TryAcquire("v1.0.1", out var lease));
        Assert.Equal(RefusalCause.Memory, (await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal?.Cause);
        lease.Dispose();
        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);
    }

    [Fact]
    public async Task LoadAsync_LogThatCannotBeRead_IsNoRefusal()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");
        var unread = Task.FromException<ServingItems>(new InvalidOperationException("no log"));
        using var loader = new ModelLoader(rig.Registry, rig.Pool, TestModels.Catalogue, new(), () => unread);

        await Assert.ThrowsAsync<InvalidOperationException>(() => loader.LoadAsync("v1.0.0", Ct));
        Assert.Empty(rig.Pool.List());
    }

    private static PoolRig Limited(TemporaryFolder folder, long maxBytes) =>
        new(folder.Path, new ModelPoolOptions { MaxBytes = maxBytes }) { Catalog = PoolRig.CatalogOf(Large().ItemIds) };

    // 3.2 MB of embeddings, 0.6 MB of ids, 1.2 MB of numbers beside them, and little else.
    private static BundleContents Large() => ContentsOf([.. Enumerable.Range(0, 100_000).Select(i => $"{i}")]);

    private static BundleContents ContentsOf(string[] ids) => TestModels.Contents() with
    {
        ItemIds = ids,
        Embeddings = TestBundles.Embeddings(ids.Length, TestModels.Dimension),
        ItemTower = null,
        Ids = null,
        GoldenItems = [],
    };
}
