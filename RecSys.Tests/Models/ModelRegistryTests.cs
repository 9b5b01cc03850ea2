using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelRegistryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_SeveralVersions_AreNewestFirstWithState()
    {
        using var root = new TemporaryFolder();
        var registry = new ModelRegistry(root.Path);
        foreach (var version in (string[])["v1.0.9", "v1.0.10", "v1.1.0", "manual"]) await TestBundles.PublishAsync(root.Path, version);
        File.Delete(root["v1.0.10/ranker.txt"]);
        Directory.CreateDirectory(root[".tmp-v1.2.0-abc"]);
        Directory.CreateDirectory(root["Not A Bundle"]);

        var versions = await registry.ListAsync(Ct);

        Assert.Equal(["v1.1.0", "v1.0.10", "v1.0.9", "manual"], versions.Select(v => v.Version));
        Assert.Equal([ModelVersionState.Valid, ModelVersionState.Torn, ModelVersionState.Valid, ModelVersionState.Valid],
            versions.Select(v => v.State));
        Assert.Null(versions[0].Reason);
        Assert.Contains("ranker.txt is missing", versions[1].Reason, StringComparison.Ordinal);
        Assert.Null(versions[2].Reason);
        Assert.Equal(5, versions[2].Manifest!.ItemCount);
    }

    [Fact]
    public async Task SetChampionAsync_ValidVersion_IsRememberedWithItsPredecessor()
    {
        using var root = new TemporaryFolder();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var registry = new ModelRegistry(root.Path, clock);
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await TestBundles.PublishAsync(root.Path, "v1.0.1");

        Assert.Null(await registry.ReadChampionAsync(Ct));
        await registry.SetChampionAsync("v1.0.0", Ct);
        clock.Advance(TimeSpan.FromHours(1));
        await registry.SetChampionAsync("v1.0.1", Ct);
        await registry.SetChampionAsync("v1.0.1", Ct);

        Assert.Equal(
            new ChampionPointer("v1.0.1", "v1.0.0", clock.GetUtcNow()), await new ModelRegistry(root.Path).ReadChampionAsync(Ct));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path, "champion.json.tmp*"));
    }

    [Fact]
    public async Task SetChampionAsync_TornOrMissing_KeepsTheOld()
    {
        using var root = new TemporaryFolder();
        var registry = new ModelRegistry(root.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1"]) await TestBundles.PublishAsync(root.Path, version);
        await registry.SetChampionAsync("v1.0.0", Ct);
        File.Delete(root["v1.0.1/manifest.json"]);

        Assert.Contains("torn", (await Assert.ThrowsAsync<RecSysException>(() => registry.SetChampionAsync("v1.0.1", Ct))).Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("torn",
            (await Assert.ThrowsAsync<RecSysException>(() => registry.SetChampionAsync("v9.0.0", Ct))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RecSysException>(() => registry.SetChampionAsync("../v1.0.0", Ct));
        Assert.Equal("v1.0.0", (await registry.ReadChampionAsync(Ct))!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":\"../../etc\",\"previous\":null,\"since\":\"2026-01-01T00:00:00+00:00\"}")]
    [InlineData("null")]
    public async Task ReadChampionAsync_DamagedPointer_SaysHowToRepairIt(string content)
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await File.WriteAllTextAsync(root["champion.json"], content, Ct);
        var registry = new ModelRegistry(root.Path);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => registry.ReadChampionAsync(Ct));
        await registry.SetChampionAsync("v1.0.0", Ct);

        Assert.Contains("models promote", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await registry.ReadChampionAsync(Ct))!.Version);
    }

    [Fact]
    public async Task NextVersion_AnyHistory_IsAboveEverythingUsed()
    {
        using var root = new TemporaryFolder();
        var registry = new ModelRegistry(root["models"]);
        Assert.Equal("v1.0.0", registry.NextVersion());
        Assert.Empty(await registry.ListAsync(Ct));

        await TestBundles.PublishAsync(root["models"], registry.NextVersion());
        Assert.Equal("v1.0.1", registry.NextVersion());

        await TestBundles.PublishAsync(root["models"], "v1.2.10");
        await TestBundles.PublishAsync(root["models"], "v1.2.9");
        Assert.Equal("v1.2.11", registry.NextVersion());

        // Somebody is publishing v1.2.11 at this moment.
        Directory.CreateDirectory(root["models/.tmp-v1.2.11-0123456789ab"]);
        Assert.Equal("v1.2.12", registry.NextVersion());
    }
}
