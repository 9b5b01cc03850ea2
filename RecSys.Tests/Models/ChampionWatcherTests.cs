using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ChampionWatcherTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckAsync_NewChampionAndBack_Swaps()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);

        Assert.True(await rig.Watcher.CheckAsync(Ct));
        Assert.Equal("v1.0.1", rig.Pool.Champion);
        Assert.False(await rig.Watcher.CheckAsync(Ct));

        // The champion before is still in memory: its files are not needed to go back.
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        Directory.Delete(folder["v1.0.0"], recursive: true);
        Assert.True(await rig.Watcher.CheckAsync(Ct));
        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Equal(["Model v1.0.1 serves from now on", "Model v1.0.0 serves from now on"], rig.Log.Messages);
    }

    [Fact]
    public async Task CheckAsync_DamagedChampion_IsRefusedOnceAndServesOnceRepaired()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        var ranker = folder["v1.0.1/ranker.txt"];
        var sound = await File.ReadAllBytesAsync(ranker, Ct);
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);
        await File.WriteAllBytesAsync(ranker, [.. sound.Select((b, at) => at == 100 ? (byte)(b ^ 1) : b)], Ct);

        for (var i = 0; i < 5; i++) Assert.False(await rig.Watcher.CheckAsync(Ct));
        Assert.Equal("v1.0.0", rig.Pool.Champion);
        var line = Assert.Single(rig.Log.Messages);
        Assert.Contains("v1.0.1 was refused, v1.0.0 goes on serving", line, StringComparison.Ordinal);
        Assert.Contains("ranker.txt has sha256", line, StringComparison.Ordinal);
        Assert.Equal(PooledState.Refused, rig.Pool.List().Single(model => model.Version == "v1.0.1").State);

        await File.WriteAllBytesAsync(ranker, sound, Ct);
        Assert.True(await rig.Watcher.CheckAsync(Ct));
        Assert.Equal("v1.0.1", rig.Pool.Champion);
    }

    [Fact]
    public async Task CheckAsync_BundleOfAnotherCatalogue_IsRefusedWithFigures()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        rig.Catalog = PoolRig.CatalogOf(TestModels.Contents().ItemIds.Take(54));
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);

        Assert.False(await rig.Watcher.CheckAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Contains("6 of its 60 (10.0 %, at most 1 % is allowed)", Assert.Single(rig.Log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_UnreadableStore_IsOneLinePerIntervalWithACount()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        var (store, away) = (folder[".store/recsys.db"], folder[".store/away.db"]);
        File.Move(store, away);

        for (var i = 0; i < 121; i++)
        {
            Assert.False(await rig.Watcher.CheckAsync(Ct));
            rig.Clock.Advance(ChampionWatcher.Interval);
        }

        // At once, and after 10 minutes with the 120 looks in between.
        Assert.Equal(2, rig.Log.Messages.Count);
        Assert.Contains("(1 times", rig.Log.Messages.First(), StringComparison.Ordinal);
        Assert.Contains("(120 times", rig.Log.Messages.Last(), StringComparison.Ordinal);
        Assert.Contains("is gone", rig.Log.Messages.Last(), StringComparison.Ordinal);
        Assert.Equal("v1.0.0", rig.Pool.Champion);

        // Repaired and damaged again is news.
        File.Move(away, store);
        Assert.False(await rig.Watcher.CheckAsync(Ct));
        File.Move(store, away);
        Assert.False(await rig.Watcher.CheckAsync(Ct));
        Assert.Equal(3, rig.Log.Messages.Count);
    }

    [Fact]
    public async Task CheckAsync_FilesOfTheChampionGone_KeepsServingAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        Directory.Delete(folder["v1.0.0"], recursive: true);

        for (var i = 0; i < 3; i++) Assert.False(await rig.Watcher.CheckAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Contains("v1.0.0 are gone", Assert.Single(rig.Log.Messages), StringComparison.Ordinal);
        using var lease = rig.Pool.AcquireChampion();
        Assert.Equal("v1.0.0", lease.Model.Bundle.Manifest.Version);
    }

    [Fact]
    public async Task CheckAsync_ChampionThatIsGone_IsRefusedAndTheOldOneServes()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);
        Directory.Delete(folder["v1.0.1"], recursive: true);

        for (var i = 0; i < 3; i++) Assert.False(await rig.Watcher.CheckAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Contains("v1.0.1 was refused, v1.0.0 goes on serving", Assert.Single(rig.Log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_NewVersionsThatNobodyPromoted_ServeNobody()
    {
        using var folder = new TemporaryFolder();
        using var rig = await StartAsync(folder);
        // As a publisher leaves it that is killed before it registers what it has published.
        await BundleWriter.PublishAsync(folder.Path, "v1.0.2", TestModels.Contents(3), Ct);

        Assert.False(await rig.Watcher.CheckAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.False(rig.Pool.IsLive("v1.0.2"));
        Assert.Equal(["unregistered", "staging", "champion"], (await rig.Registry.ListAsync(Ct)).Select(version => version.StateName));
    }

    private static async Task<PoolRig> StartAsync(TemporaryFolder folder)
    {
        var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");
        await rig.PublishAsync("v1.0.1", seed: 2);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        Assert.Empty(await rig.Start.RunAsync(Ct));
        return rig;
    }
}
