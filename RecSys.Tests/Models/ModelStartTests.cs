using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelStartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_SoundChampion_ServesWithoutWarning()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1"]) await rig.PublishAsync(version);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);

        Assert.Empty(await rig.Start.RunAsync(Ct));

        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Single(rig.Pool.List());
    }

    [Fact]
    public async Task RunAsync_DamagedChampion_FallsBackToTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1", "v1.0.2"]) await rig.PublishAsync(version);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        await rig.Registry.SetChampionAsync("v1.0.1", Ct);
        Damage(folder["v1.0.1"]);

        var warnings = await rig.Start.RunAsync(Ct);

        // Not v1.0.2, which is newer but was never champion.
        Assert.Equal("v1.0.0", rig.Pool.Champion);
        Assert.Equal(2, warnings.Count);
        Assert.Contains("v1.0.1 was refused", warnings[0], StringComparison.Ordinal);
        Assert.Contains("sha256", warnings[0], StringComparison.Ordinal);
        Assert.Contains("v1.0.0 serves in place of the champion v1.0.1", warnings[1], StringComparison.Ordinal);
        // What is refused at the start is not read again by the first look of the watcher, and not logged again.
        Assert.False(await rig.Watcher.CheckAsync(Ct));
        Assert.Empty(rig.Log.Messages);
        Assert.Equal("v1.0.0", rig.Pool.Champion);
    }

    [Fact]
    public async Task RunAsync_ChampionAndPreviousDamaged_TakesTheNewestThatCanServe()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1", "v1.0.2", "v1.0.3", "v1.0.4"]) await rig.PublishAsync(version);
        await rig.Registry.SetChampionAsync("v1.0.3", Ct);
        await rig.Registry.SetChampionAsync("v1.0.4", Ct);
        Damage(folder["v1.0.4"]);
        File.Delete(folder["v1.0.3/ranker.txt"]);
        File.Delete(folder["v1.0.2/manifest.json"]);

        var warnings = await rig.Start.RunAsync(Ct);

        Assert.Equal("v1.0.1", rig.Pool.Champion);
        Assert.Equal(3, warnings.Count);
        Assert.Contains("ranker.txt is missing", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoChampionYet_TakesTheNewestThatWasStaged()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        foreach (var version in (string[])["v1.0.9", "v1.0.10", "v1.0.11"]) await rig.PublishAsync(version);
        await rig.Registry.TransitionAsync("v1.0.11", ModelState.Rejected, null, "gate", "worse", Ct);
        await BundleWriter.PublishAsync(folder.Path, "v1.0.12", TestModels.Contents(), Ct);

        var warnings = await rig.Start.RunAsync(Ct);

        // Neither the rejected one nor the one that nobody registered.
        Assert.Equal("v1.0.10", rig.Pool.Champion);
        Assert.Contains("v1.0.10 serves", warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OnlyAnUnregisteredBundle_ServesNothingAndSaysHowToChooseIt()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", TestModels.Contents(), Ct);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.Start.RunAsync(Ct));

        Assert.Null(rig.Pool.Champion);
        Assert.Contains("models promote v1.0.0", refusal.Message, StringComparison.Ordinal);
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        Assert.Empty(await rig.Start.RunAsync(Ct));
    }

    [Fact]
    public async Task RunAsync_QuarantinedPredecessor_IsPassedOver()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1", "v1.0.2"])
        {
            await rig.PublishAsync(version);
            await rig.Registry.SetChampionAsync(version, Ct);
        }
        await rig.Registry.TransitionAsync("v1.0.1", ModelState.Quarantined, null, "ada", "answers nonsense", Ct);
        Damage(folder["v1.0.2"]);

        await rig.Start.RunAsync(Ct);

        Assert.Equal("v1.0.0", rig.Pool.Champion);
    }

    [Fact]
    public async Task RunAsync_OtherCatalogue_IsRefusedAtTheStart()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder.Path);
        await rig.PublishAsync("v1.0.0");
        await rig.Registry.SetChampionAsync("v1.0.0", Ct);
        rig.Catalog = PoolRig.CatalogOf(["other"]);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.Start.RunAsync(Ct));

        Assert.Contains("60 of its 60 (100.0 %", refusal.Message, StringComparison.Ordinal);
        Assert.Null(rig.Pool.Champion);
    }

    [Fact]
    public async Task RunAsync_NothingThere_SaysToTrain()
    {
        using var folder = new TemporaryFolder();
        using var rig = new PoolRig(folder["models"]);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.Start.RunAsync(Ct));

        Assert.Contains("train one first", refusal.Message, StringComparison.Ordinal);
    }

    private static void Damage(string folder)
    {
        var path = Path.Combine(folder, BundleFiles.Ranker);
        var bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
