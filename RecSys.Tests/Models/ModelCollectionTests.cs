using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelCollectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_ManyVersions_NamesOldRetiredAndRejectedOnesOnly()
    {
        using var root = new TemporaryFolder();
        var registry = await NightsAsync(root);
        var collection = new ModelCollection(registry);

        // Champion v9, before it v8; retired v0 to v7 but v5 (quarantined); rejected v10; staged v11; unregistered v12.
        Assert.Equal(["v0", "v1", "v2", "v3", "v4", "v6", "v7", "v10"], await NamesAsync(collection, 0));
        Assert.Equal(["v0", "v1", "v2"], await NamesAsync(collection, 5));
        Assert.Empty(await NamesAsync(collection, 8));
    }

    [Fact]
    public async Task RemoveAsync_WhatWasFound_DeletesTheFolderAndKeepsTheHistory()
    {
        using var root = new TemporaryFolder();
        var registry = await NightsAsync(root);
        var collection = new ModelCollection(registry);

        foreach (var version in await NamesAsync(collection, 5)) Assert.Null(await collection.RemoveAsync(version, "gc", Ct));

        Assert.Empty(await collection.FindAsync(5, Ct));
        foreach (var version in (string[])["v0", "v1", "v2"]) Assert.False(Directory.Exists(root[version]));
        foreach (var version in (string[])["v3", "v5", "v8", "v9", "v10", "v11", "v12"]) Assert.True(Directory.Exists(root[version]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path, ".tmp-*"));
        var gone = await registry.DescribeAsync("v1", Ct);
        Assert.Equal((ModelState.Retired, true, BundleCondition.Absent), (gone.Record!.State, gone.Record.Collected, gone.Condition));
        Assert.Empty((await new ModelVerification(registry).RunAsync(gone, Ct)).Faults);
        Assert.Equal("gc", (await registry.TransitionsAsync("v1", 1, Ct)).Single().Actor);
        var promoted = await registry.PromoteAsync("v1", null, null, "ada", "r", Ct);
        Assert.Contains("deleted to make room", promoted.Fault, StringComparison.Ordinal);
        Assert.Contains("put it back first",
            (await registry.TransitionAsync("v1", ModelState.Staging, null, "ada", "r", Ct)).Fault, StringComparison.Ordinal);

        // Put back from a backup, it is as good as before.
        await TestBundles.PublishAsync(root.Path, "v1");
        (await registry.TransitionAsync("v1", ModelState.Staging, null, "ada", "put back", Ct)).OrThrow();
        await registry.SetChampionAsync("v1", Ct);
    }

    [Fact]
    public async Task RemoveAsync_WhatIsInUse_IsRefused()
    {
        using var root = new TemporaryFolder();
        var collection = new ModelCollection(await NightsAsync(root));

        foreach (var version in (string[])["v5", "v9", "v11", "v12"])
        {
            Assert.NotNull(await collection.RemoveAsync(version, "gc", Ct));
            Assert.True(Directory.Exists(root[version]));
        }
    }

    [Fact]
    public async Task RemoveAsync_KilledAfterTheNote_IsFinishedByTheNextRun()
    {
        using var root = new TemporaryFolder();
        var registry = await NightsAsync(root);
        var states = Registries.States(root.Path);
        var record = (await states.FindAsync("v7", Ct))!;
        await states.CollectAsync("v7", record.Revision, "gc", Ct);

        var collection = new ModelCollection(registry);
        Assert.Equal(["v7"], await NamesAsync(collection, 8));
        Assert.Null(await collection.RemoveAsync("v7", "gc", Ct));

        Assert.False(Directory.Exists(root["v7"]));
        Assert.Empty(await collection.FindAsync(8, Ct));
    }

    [Fact]
    public async Task CleanTorn_PublishersThatWereKilled_LeavesNothingOfThemAndWhatOthersWrite()
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1");
        // One killed while it wrote, one right behind its rename, and one at work.
        root.Write(".tmp-v2-0123456789ab/manifest.json", "{}");
        root.Write(".tmp-v2-0123456789ab.lock", "");
        root.Write(".tmp-v1-00112233aabb.lock", "");
        using var running = BundlePublication.Begin(root.Path, "v3");

        Assert.Equal(1, new ModelCollection(Registries.Open(root.Path, TimeProvider.System)).CleanTorn());

        var left = Directory.EnumerateFileSystemEntries(root.Path, ".tmp-*").Order(StringComparer.Ordinal);
        Assert.Equal([running.Folder, running.Folder + ".lock"], left);
        Assert.True(Directory.Exists(root["v1"]));
    }

    private static async Task<ModelRegistry> NightsAsync(TemporaryFolder root)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var registry = Registries.Open(root.Path, clock);
        for (var night = 0; night < 13; night++)
        {
            await TestBundles.PublishAsync(root.Path, $"v{night}");
            if (night < 10) await registry.SetChampionAsync($"v{night}", Ct);
            else if (night < 12)
                await registry.RegisterAsync($"v{night}", night == 10 ? ModelState.Rejected : ModelState.Staging, null, "gate", "r", Ct);
            clock.Advance(TimeSpan.FromDays(1));
        }
        (await registry.TransitionAsync("v5", ModelState.Quarantined, null, "ada", "nonsense", Ct)).OrThrow();
        return registry;
    }

    private static async Task<string[]> NamesAsync(ModelCollection collection, int keep) =>
        [.. (await collection.FindAsync(keep, Ct)).Select(version => version.Version)];
}
