using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class BundlePublisherTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_SoundFiles_ArriveComplete()
    {
        using var root = new TemporaryFolder();

        var manifest = await TestBundles.PublishAsync(root["models"], "v1.0.0");

        Assert.Equal("v1.0.0", manifest.Version);
        Assert.Equal([BundleFiles.ItemEmbeddings, BundleFiles.ItemIds, BundleFiles.Ranker],
            manifest.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(TestBundles.Items * TestBundles.Dimension * 4, manifest.Files[BundleFiles.ItemEmbeddings].Bytes);
        // echo tree | sha256sum
        Assert.Equal("f27e01fe7624cca3e69811a0bf9a4efd9dca9fd39f7a3a8f939cae0cfe8cdfb8", manifest.Files[BundleFiles.Ranker].Sha256);
        Assert.Equal(manifest.ToJson(), (await BundleVerifier.VerifyAsync(root["models/v1.0.0"], Ct)).ToJson());
        Assert.Equal(["v1.0.0"], Directory.EnumerateFileSystemEntries(root["models"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task PublishAsync_VersionExists_IsRefusedAndUntouched()
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        var before = File.ReadAllBytes(root["v1.0.0/manifest.json"]);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => TestBundles.PublishAsync(root.Path, "v1.0.0"));

        Assert.Contains("exists already", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(root["v1.0.0/manifest.json"]));
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData(".tmp-x")]
    [InlineData("V1")]
    [InlineData("")]
    public async Task PublishAsync_BadVersionName_IsRefused(string version)
    {
        using var root = new TemporaryFolder();

        await Assert.ThrowsAsync<RecSysException>(() => TestBundles.PublishAsync(root["models"], version));

        Assert.Empty(Directory.EnumerateFileSystemEntries(root["models"]));
    }

    [Fact]
    public async Task PublishAsync_WriterFails_LeavesNothingAndSaysWhatToDo()
    {
        using var root = new TemporaryFolder();

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundlePublisher.PublishAsync(
            root.Path, "v1.0.0",
            async folder =>
            {
                await TestBundles.Writer()(folder);
                throw new IOException("No space left on device");
            },
            TestBundles.Draft(), Ct));

        Assert.Contains("No space left on device. See that there is room", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
    }

    public static TheoryData<string, Func<string, Task>, string> UnsoundContent => new()
    {
        { "nothing", _ => Task.CompletedTask, "item_embeddings.f32 is missing" },
        { "folder", async f => { await TestBundles.Writer()(f); Directory.CreateDirectory(Path.Combine(f, "sub")); }, "sub" },
        { "own manifest", async f => { await TestBundles.Writer()(f); File.WriteAllText(Path.Combine(f, "manifest.json"), "{}"); },
            "manifest.json" },
        { "link", async f => { await TestBundles.Writer()(f); File.CreateSymbolicLink(Path.Combine(f, "x"), "/etc/passwd"); },
            "symbolic link" },
        { "bad name", async f => { await TestBundles.Writer()(f); File.WriteAllText(Path.Combine(f, "Bad Name"), "x"); }, "not allowed" },
        { "too few rows", TestBundles.Writer(TestBundles.Embeddings(4)), "5 items × 4 floats" },
        { "NaN", TestBundles.Writer([.. TestBundles.Embeddings(4), 1, float.NaN, 0, 0]), "row 4" },
        { "infinity", TestBundles.Writer([.. TestBundles.Embeddings(4), 1, float.NegativeInfinity, 0, 0]), "row 4" },
        { "zero row", TestBundles.Writer([.. TestBundles.Embeddings(4), 0, 0, 0, 0]), "only zeros in row 4" },
        { "repeated id", TestBundles.Writer(ids: "a\nb\nc\nd\na\n"), "repeats an id in line 5" },
        { "missing id", TestBundles.Writer(ids: "a\nb\nc\nd\n"), "has 4 lines" },
        { "empty id", TestBundles.Writer(ids: "a\n\nc\nd\ne\n"), "line 2" },
        { "no line end", TestBundles.Writer(ids: "a\nb\nc\nd\ne"), "line feed" },
    };

    [Theory]
    [MemberData(nameof(UnsoundContent), DisableDiscoveryEnumeration = true)]
    public async Task PublishAsync_UnsoundContent_IsRefusedAndLeavesNothing(string what, Func<string, Task> write, string named)
    {
        using var root = new TemporaryFolder();

        var refusal = await Assert.ThrowsAsync<RecSysException>(() =>
            BundlePublisher.PublishAsync(root.Path, "v1.0.0", write, TestBundles.Draft(), Ct));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{what}: {refusal.Message}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Publication_KilledAfterAStep_KeepsTheChampionAndIsCleaned(int steps)
    {
        using var root = new TemporaryFolder();
        var registry = Registries.Open(root.Path);
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await registry.SetChampionAsync("v1.0.0", Ct);

        var publication = BundlePublication.Begin(root.Path, "v1.0.1");
        if (steps >= 1) await TestBundles.Writer()(publication.Folder);
        var manifest = steps >= 2 ? await publication.SealAsync(TestBundles.Draft(), Ct) : null;
        if (steps >= 3) await publication.WriteManifestAsync(manifest!, Ct);
        if (steps >= 4) publication.Commit();

        // While the publisher lives, nobody takes its folder away.
        Assert.Equal(0, BundlePublisher.CleanTorn(root.Path));
        Assert.Equal(steps < 4, Directory.Exists(publication.Folder));

        // A killed process releases its lock and does nothing else.
        publication.Dispose();

        var published = steps == 4;
        Assert.Equal("v1.0.0", (await registry.ReadChampionAsync(Ct))!.Version);
        Assert.Equal(published ? ["v1.0.1", "v1.0.0"] : ["v1.0.0"], (await registry.ListAsync(Ct)).Select(v => v.Version));
        Assert.Equal(published ? 0 : 1, BundlePublisher.CleanTorn(root.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path, ".tmp-*"));
        if (published) await BundleVerifier.VerifyAsync(root["v1.0.1"], Ct);
        else await TestBundles.PublishAsync(root.Path, "v1.0.1");
    }

    [Fact]
    public async Task CleanTorn_LockFileLeftBehind_GoesWithTheFolder()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root[".tmp-v1.0.0-0123456789ab"]);
        await File.WriteAllTextAsync(root[".tmp-v1.0.0-0123456789ab/ranker.txt"], "half", Ct);
        await File.WriteAllTextAsync(root[".tmp-v1.0.0-0123456789ab.lock"], "", Ct);
        await File.WriteAllTextAsync(root[".tmp-v1.0.0-ba9876543210.lock"], "", Ct);

        Assert.Equal(1, BundlePublisher.CleanTorn(root.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
        Assert.Equal(0, BundlePublisher.CleanTorn(root["missing"]));
    }

    [Fact]
    public void CleanTorn_WhatOtherProgramsPutThere_Stays()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root[".tmp-rsync/v1.0.0"]);
        Directory.CreateDirectory(root[".tmp-v1.0.0-backup"]);
        root.Write(".tmp-0123456789ab", "x");

        Assert.Equal(0, BundlePublisher.CleanTorn(root.Path));

        Assert.Equal(3, Directory.EnumerateFileSystemEntries(root.Path).Count());
    }

    [Fact]
    public async Task PublishAsync_TwoAtOnce_OneWins()
    {
        using var root = new TemporaryFolder();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await TestBundles.PublishAsync(root.Path, "v1.0.0");
                return 1;
            }
            catch (RecSysException)
            {
                return 0;
            }
        })));

        Assert.Equal(1, outcomes.Sum());
        await BundleVerifier.VerifyAsync(root["v1.0.0"], Ct);
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path, ".tmp-*"));
    }
}
