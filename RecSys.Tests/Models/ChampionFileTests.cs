using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

/// <summary>Folders of programs that kept the champion in a file.</summary>
public sealed class ChampionFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadChampionAsync_FolderWithChampionFile_IsTakenOverOnce()
    {
        using var root = new TemporaryFolder();
        foreach (var version in (string[])["v1.0.0", "v1.0.1", "v1.0.2", "v1.0.3", "manual"])
            await TestBundles.PublishAsync(root.Path, version);
        File.Delete(root["v1.0.0/ranker.txt"]);
        root.Write("champion.json", """{"version":"v1.0.2","previous":"v1.0.3","since":"2026-01-02T03:04:05+00:00"}""");
        var registry = Registries.Open(root.Path);

        var champion = (await registry.ReadChampionAsync(Ct))!;

        Assert.Equal(("v1.0.2", "v1.0.3", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            (champion.Version, champion.Predecessor, champion.Since));
        Assert.Equal("abc1234", champion.Lineage.CodeCommit);
        var versions = await registry.ListAsync(Ct);
        Assert.Equal(["v1.0.3", "v1.0.2", "v1.0.1", "v1.0.0", "manual"], versions.Select(version => version.Version));
        // What is torn cannot serve, and nobody said that it shall.
        Assert.Equal(["retired", "champion", "retired", "unregistered", "retired"], versions.Select(version => version.StateName));
        Assert.False(File.Exists(root["champion.json"]));
        Assert.Equal("v1.0.3", (await registry.RollbackAsync(null, null, "ada", "r", Ct)).OrThrow().Version);

        // A copy of an old file that somebody puts back changes nothing.
        root.Write("champion.json", """{"version":"v1.0.1","previous":null,"since":"2026-01-02T03:04:05+00:00"}""");
        Assert.Equal("v1.0.3", (await Registries.Open(root.Path).ReadChampionAsync(Ct))!.Version);
        Assert.False(File.Exists(root["champion.json"]));
    }

    [Fact]
    public async Task ReadChampionAsync_ChampionWithoutBundle_IsStillTheOneThatWasChosen()
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        root.Write("champion.json", """{"version":"v1.0.1","previous":"v1.0.0","since":"2026-01-02T03:04:05+00:00"}""");
        var registry = Registries.Open(root.Path);

        Assert.Equal("v1.0.1", (await registry.ReadChampionAsync(Ct))!.Version);

        var finding = await new ModelVerification(registry).RunAsync(await registry.DescribeAsync("v1.0.1", Ct), Ct);
        Assert.Contains("There is no bundle", Assert.Single(finding.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":\"../../etc\",\"previous\":null,\"since\":\"2026-01-01T00:00:00+00:00\"}")]
    [InlineData("null")]
    public async Task ListAsync_DamagedChampionFile_StagesAllAndNamesNoChampion(string content)
    {
        using var root = new TemporaryFolder();
        foreach (var version in (string[])["v1.0.0", "v1.0.1"]) await TestBundles.PublishAsync(root.Path, version);
        root.Write("champion.json", content);
        var registry = Registries.Open(root.Path);

        Assert.Equal(["staging", "staging"], (await registry.ListAsync(Ct)).Select(version => version.StateName));

        Assert.Null(await registry.ReadChampionAsync(Ct));
        await registry.SetChampionAsync("v1.0.0", Ct);
    }

    [Fact]
    public async Task TakeOver_SixteenProcessesAtOnce_TakeItOverOnce()
    {
        using var root = new TemporaryFolder();
        foreach (var version in (string[])["v1.0.0", "v1.0.1"]) await TestBundles.PublishAsync(root.Path, version);
        root.Write("champion.json", """{"version":"v1.0.1","previous":"v1.0.0","since":"2026-01-02T03:04:05+00:00"}""");
        var registries = Enumerable.Range(0, 16).Select(_ => Registries.Open(root.Path)).ToArray();

        var champions = await Task.WhenAll(registries.Select(registry => Task.Run(() => registry.ReadChampionAsync(Ct), Ct)));

        Assert.All(champions, champion => Assert.Equal("v1.0.1", champion!.Version));
        Assert.Equal(
            [("v1.0.0", ModelState.Retired), ("v1.0.1", ModelState.Champion)],
            (await registries[0].TransitionsAsync(null, 100, Ct)).Select(line => (line.Version, line.To)));
    }
}
