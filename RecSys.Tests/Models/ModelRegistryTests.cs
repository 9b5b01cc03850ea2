using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelRegistryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_SeveralVersions_AreNewestFirstWithStateAndBundle()
    {
        using var root = new TemporaryFolder();
        var registry = Registries.Open(root.Path);
        foreach (var version in (string[])["v1.0.9", "v1.0.10", "v1.1.0", "manual"]) await TestBundles.PublishAsync(root.Path, version);
        foreach (var version in (string[])["v1.0.9", "v1.0.10"]) await registry.SetChampionAsync(version, Ct);
        (await registry.RegisterAsync("v1.2.0", ModelState.Training, null, "night", "begun", Ct)).OrThrow();
        File.Delete(root["v1.0.10/ranker.txt"]);
        Directory.CreateDirectory(root[".tmp-v1.2.0-abc"]);
        Directory.CreateDirectory(root["Not A Bundle"]);

        var versions = await registry.ListAsync(Ct);

        Assert.Equal(["v1.2.0", "v1.1.0", "v1.0.10", "v1.0.9", "manual"], versions.Select(v => v.Version));
        Assert.Equal(["training", "unregistered", "champion", "retired", "unregistered"], versions.Select(v => v.StateName));
        Assert.Equal(
            [BundleCondition.Absent, BundleCondition.Valid, BundleCondition.Torn, BundleCondition.Valid, BundleCondition.Valid],
            versions.Select(v => v.Condition));
        Assert.Null(versions[1].Fault);
        Assert.Contains("ranker.txt is missing", versions[2].Fault, StringComparison.Ordinal);
        Assert.Equal(5, versions[3].Manifest!.ItemCount);
    }

    [Fact]
    public async Task RegisterAsync_PublishedVersion_KnowsWhereItComesFrom()
    {
        using var root = new TemporaryFolder();
        var registry = Registries.Open(root.Path);
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await registry.SetChampionAsync("v1.0.0", Ct);
        await TestBundles.PublishAsync(root.Path, "v1.0.1");

        var record = (await registry.RegisterAsync("v1.0.1", ModelState.Staging, null, "night", "trained", Ct)).OrThrow();

        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(root["v1.0.1/manifest.json"], Ct)));
        var expected = new ModelLineage
        {
            Parent = "v1.0.0", WindowFrom = DateTimeOffset.UnixEpoch, WindowTo = DateTimeOffset.UnixEpoch.AddDays(7), WindowEvents = 1000,
            CodeCommit = "abc1234", ManifestSha256 = sha256,
        };
        Assert.Equal((ModelState.Staging, expected, "night", "trained"), (record.State, record.Lineage, record.Actor, record.Reason));
        await Assert.ThrowsAsync<RecSysException>(() => registry.RegisterAsync("v9.0.0", ModelState.Staging, null, "a", "r", Ct));
        await Assert.ThrowsAsync<RecSysException>(() => registry.RegisterAsync("../x", ModelState.Training, null, "a", "r", Ct));
    }

    [Fact]
    public async Task PromoteAsync_ValidVersion_IsRememberedWithItsPredecessor()
    {
        using var root = new TemporaryFolder();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var registry = Registries.Open(root.Path, clock);
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await TestBundles.PublishAsync(root.Path, "v1.0.1");

        Assert.Null(await registry.ReadChampionAsync(Ct));
        await registry.SetChampionAsync("v1.0.0", Ct);
        clock.Advance(TimeSpan.FromHours(1));
        await registry.SetChampionAsync("v1.0.1", Ct);
        var lines = (await registry.TransitionsAsync(null, 100, Ct)).Count;
        await registry.SetChampionAsync("v1.0.1", Ct);

        var champion = (await Registries.Open(root.Path).ReadChampionAsync(Ct))!;
        Assert.Equal(("v1.0.1", "v1.0.0", clock.GetUtcNow()), (champion.Version, champion.Predecessor, champion.Since));
        Assert.Equal(lines, (await registry.TransitionsAsync(null, 100, Ct)).Count);
    }

    [Fact]
    public async Task PromoteAsync_TornMissingOrExchanged_KeepsTheOld()
    {
        using var root = new TemporaryFolder();
        var registry = Registries.Open(root.Path);
        foreach (var version in (string[])["v1.0.0", "v1.0.1", "v1.0.2"])
        {
            await TestBundles.PublishAsync(root.Path, version);
            (await registry.RegisterAsync(version, ModelState.Staging, null, "night", "trained", Ct)).OrThrow();
        }
        await registry.SetChampionAsync("v1.0.0", Ct);
        File.Delete(root["v1.0.1/manifest.json"]);
        Directory.Delete(root["v1.0.2"], recursive: true);
        await BundlePublisher.PublishAsync(
            root.Path, "v1.0.2", TestBundles.Writer(), TestBundles.Draft() with { GitCommit = "other" }, Ct);

        async Task<RegistryChange> ChangeAsync(string version) => await registry.PromoteAsync(version, null, null, "ada", "chosen", Ct);
        var (torn, exchanged, missing, outside) =
            (await ChangeAsync("v1.0.1"), await ChangeAsync("v1.0.2"), await ChangeAsync("v9.0.0"), await ChangeAsync("../v1.0.0"));

        Assert.Equal((ModelChangeOutcome.NotAllowed, true), (torn.Outcome, torn.IsUnsound));
        Assert.Contains("never finished", torn.Fault, StringComparison.Ordinal);
        Assert.Contains("not the one that was registered", exchanged.Fault, StringComparison.Ordinal);
        Assert.Equal((ModelChangeOutcome.Unknown, ModelChangeOutcome.Unknown), (missing.Outcome, outside.Outcome));
        Assert.Throws<RecSysException>(() => missing.OrThrow());
        Assert.Equal("v1.0.0", (await registry.ReadChampionAsync(Ct))!.Version);
    }

    [Fact]
    public async Task RollbackAsync_Twice_GoesBackOneAtATimeAndNotForwardAgain()
    {
        using var root = new TemporaryFolder();
        var registry = await ChampionsAsync(root, "v1.0.0", "v1.0.1", "v1.0.2");
        var champion = (await registry.ReadChampionAsync(Ct))!;

        Assert.Equal(ModelChangeOutcome.Stale, (await registry.RollbackAsync(null, champion.Revision - 1, "ada", "r", Ct)).Outcome);
        var other = await registry.RollbackAsync("v1.0.1", null, "ada", "r", Ct);
        var first = await registry.RollbackAsync("v1.0.2", champion.Revision, "ada", "clicks fell", Ct);
        var second = await registry.RollbackAsync(null, null, "ada", "still", Ct);
        var third = await registry.RollbackAsync(null, null, "ada", "still", Ct);

        Assert.Contains("v1.0.1 is not champion, v1.0.2 is", other.Fault, StringComparison.Ordinal);
        Assert.Equal(("v1.0.1", "v1.0.0"), (first.OrThrow().Version, second.OrThrow().Version));
        Assert.Contains("No champion before v1.0.0", third.Fault, StringComparison.Ordinal);
        Assert.Equal(["retired", "retired", "champion"], (await registry.ListAsync(Ct)).Select(version => version.StateName));
        Assert.Equal("gave way to v1.0.1: clicks fell", (await registry.DescribeAsync("v1.0.2", Ct)).Record!.Reason);
    }

    [Fact]
    public async Task RollbackAsync_PredecessorsOutOfUse_ArePassedOver()
    {
        using var root = new TemporaryFolder();
        var registry = await ChampionsAsync(root, "v1.0.0", "v1.0.1", "v1.0.2", "v1.0.3");
        (await registry.TransitionAsync("v1.0.2", ModelState.Quarantined, null, "ada", "nonsense", Ct)).OrThrow();
        File.Delete(root["v1.0.1/ranker.txt"]);

        Assert.Equal("v1.0.0", (await registry.RollbackAsync(null, null, "ada", "r", Ct)).OrThrow().Version);
    }

    [Fact]
    public async Task TransitionAsync_QuarantineOfTheChampion_GivesThePlaceBackInOneStep()
    {
        using var root = new TemporaryFolder();
        var registry = await ChampionsAsync(root, "v1.0.0", "v1.0.1");

        var change = await registry.TransitionAsync("v1.0.1", ModelState.Quarantined, null, "ada", "answers nonsense", Ct);
        var last = await registry.TransitionAsync("v1.0.0", ModelState.Quarantined, null, "ada", "too", Ct);

        Assert.Equal("v1.0.0", change.OrThrow().Version);
        Assert.Equal(["quarantined", "champion"], (await registry.ListAsync(Ct)).Select(version => version.StateName));
        Assert.Contains("Promote another version first", last.Fault, StringComparison.Ordinal);
        // A version out of use stays so until somebody says otherwise.
        var forced = await registry.PromoteAsync("v1.0.1", null, null, "ada", "r", Ct);
        Assert.Contains("models release v1.0.1", forced.Fault, StringComparison.Ordinal);
        (await registry.TransitionAsync("v1.0.1", ModelState.Staging, null, "ada", "mended", Ct)).OrThrow();
        await registry.SetChampionAsync("v1.0.1", Ct);
    }

    [Theory]
    [InlineData("ranker.txt")]
    [InlineData("item_embeddings.f32")]
    public async Task PromoteAsync_OneByteOfAFileChanged_NamesTheFileAndKeepsTheOld(string file)
    {
        using var root = new TemporaryFolder();
        var registry = await ChampionsAsync(root, "v1.0.0");
        await TestBundles.PublishAsync(root.Path, "v1.0.1");
        (await registry.RegisterAsync("v1.0.1", ModelState.Staging, null, "night", "trained", Ct)).OrThrow();
        Flip(root[$"v1.0.1/{file}"]);

        var refused = await registry.PromoteAsync("v1.0.1", null, null, "ada", "chosen", Ct);

        Assert.Equal((ModelChangeOutcome.NotAllowed, true), (refused.Outcome, refused.IsUnsound));
        Assert.Contains($"{file} has sha256", refused.Fault, StringComparison.Ordinal);
        Assert.Contains("publish it again under a new version", refused.Fault, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await registry.ReadChampionAsync(Ct))!.Version);
        Flip(root[$"v1.0.1/{file}"]);
        Assert.Equal("v1.0.1", (await registry.PromoteAsync("v1.0.1", null, null, "ada", "mended", Ct)).OrThrow().Version);
    }

    [Fact]
    public async Task RollbackAsync_OneByteOfThePredecessorChanged_IsPassedOverOrRefusedByName()
    {
        using var root = new TemporaryFolder();
        var registry = await ChampionsAsync(root, "v1.0.0", "v1.0.1", "v1.0.2");
        Flip(root["v1.0.1/ranker.txt"]);

        var passedOver = await registry.RollbackAsync(null, null, "ada", "clicks fell", Ct);
        Assert.Equal("v1.0.0", passedOver.OrThrow().Version);

        await TestBundles.PublishAsync(root.Path, "v1.0.3");
        await registry.SetChampionAsync("v1.0.3", Ct);
        Flip(root["v1.0.0/ranker.txt"]);
        var refused = await registry.RollbackAsync(null, null, "ada", "clicks fell", Ct);

        Assert.NotEqual(ModelChangeOutcome.Done, refused.Outcome);
        Assert.Contains("Promote another version first", refused.Fault, StringComparison.Ordinal);
        Assert.Contains($"{root["v1.0.0/ranker.txt"]} has sha256", refused.Fault, StringComparison.Ordinal);
        Assert.Equal("v1.0.3", (await registry.ReadChampionAsync(Ct))!.Version);
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<ModelRegistry> ChampionsAsync(TemporaryFolder root, params string[] versions)
    {
        var registry = Registries.Open(root.Path);
        foreach (var version in versions)
        {
            await TestBundles.PublishAsync(root.Path, version);
            await registry.SetChampionAsync(version, Ct);
        }
        return registry;
    }

    [Fact]
    public async Task NextVersion_AnyHistory_IsAboveEverythingUsed()
    {
        using var root = new TemporaryFolder();
        var registry = Registries.Open(root["models"]);
        Assert.Equal("v1.0.0", await registry.NextVersionAsync(Ct));
        Assert.Empty(await registry.ListAsync(Ct));

        await TestBundles.PublishAsync(root["models"], await registry.NextVersionAsync(Ct));
        Assert.Equal("v1.0.1", await registry.NextVersionAsync(Ct));

        await TestBundles.PublishAsync(root["models"], "v1.2.10");
        await TestBundles.PublishAsync(root["models"], "v1.2.9");
        Assert.Equal("v1.2.11", await registry.NextVersionAsync(Ct));

        // Somebody is publishing v1.2.11 at this moment.
        Directory.CreateDirectory(root["models/.tmp-v1.2.11-0123456789ab"]);
        Assert.Equal("v1.2.12", await registry.NextVersionAsync(Ct));

        // Reserved by a night that has not published yet.
        (await registry.RegisterAsync("v1.2.12", ModelState.Training, null, "night", "begun", Ct)).OrThrow();
        Assert.Equal("v1.2.13", await registry.NextVersionAsync(Ct));
    }
}
