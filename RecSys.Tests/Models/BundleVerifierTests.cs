using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class BundleVerifierTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<string>, string> Damages => new()
    {
        { "truncated", f => Cut(Path.Combine(f, "item_embeddings.f32"), 1), "item_embeddings.f32 is 79 bytes" },
        { "empty", f => Cut(Path.Combine(f, "ranker.txt"), 5), "ranker.txt is 0 bytes" },
        { "bit flipped", f => Flip(Path.Combine(f, "item_embeddings.f32"), 17), "item_embeddings.f32 has sha256" },
        { "bit flipped in ids", f => Flip(Path.Combine(f, "item_ids"), 0), "item_ids has sha256" },
        { "missing", f => File.Delete(Path.Combine(f, "item_ids")), "item_ids is missing" },
        { "surprise", f => File.WriteAllText(Path.Combine(f, "extra"), "x"), "extra is not listed" },
        { "surprise folder", f => Directory.CreateDirectory(Path.Combine(f, "extra")), "extra is not listed" },
        { "link", f => Link(Path.Combine(f, "ranker.txt")), "symbolic link" },
        { "linked manifest", f => Link(Path.Combine(f, "manifest.json")), "symbolic link" },
        { "no manifest", f => File.Delete(Path.Combine(f, "manifest.json")), "never finished" },
        { "empty manifest", f => File.WriteAllText(Path.Combine(f, "manifest.json"), ""), "manifest.json" },
        { "absurd manifest", f => File.WriteAllBytes(Path.Combine(f, "manifest.json"), new byte[BundleManifest.MaxBytes + 1]),
            "more than" },
        { "wrong dimension", f => Edit(f, "dimension", 8), "5 items × 8 floats" },
        { "overflowing size", f => { Edit(f, "dimension", 4096); Edit(f, "item_count", int.MaxValue); },
            "item_embeddings.f32 is 80 bytes" },
        { "wrong count", f => Edit(f, "item_count", 6), "6 items × 4 floats" },
        { "wrong schema", f => Edit(f, "format", 7), "format 7" },
        { "other folder", f => Edit(f, "version", "v9.9.9"), "v9.9.9" },
    };

    [Fact]
    public void Damages_Listed_AreEnough() => Assert.True(Damages.Count >= 17);

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task VerifyAsync_OneDamage_IsRefusedWithTheReason(string what, Action<string> damage, string named)
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        await BundleVerifier.VerifyAsync(root["v1.0.0"], Ct);
        damage(root["v1.0.0"]);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v1.0.0"], Ct));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{what}: {refusal.Message}");
    }

    // A sparse file of 10 GB takes no room and half a minute to hash. The manifest, which may lie, promises just that size.
    [Theory]
    [InlineData(BundleFiles.ItemEmbeddings, "need 80")]
    [InlineData(BundleFiles.ItemIds, "need 5 to")]
    [InlineData(BundleFiles.Ranker, "need 0 to")]
    [InlineData(BundleFiles.Golden, "need 0 to")]
    [InlineData(BundleFiles.Index, "need 1 to")]
    [InlineData("unheard_of.bin", "need 0 to")]
    public async Task VerifyAsync_FileOfImpossibleSize_IsRefusedUnread(string name, string named)
    {
        const long size = 10L << 30;
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        using (var file = File.OpenWrite(root[$"v1.0.0/{name}"])) file.SetLength(size);
        var path = root["v1.0.0/manifest.json"];
        var json = JsonNode.Parse(await File.ReadAllBytesAsync(path, Ct))!.AsObject();
        json["files"]![name] = new JsonObject { ["sha256"] = new string('0', 64), ["bytes"] = size };
        await File.WriteAllTextAsync(path, json.ToJsonString(), Ct);
        using var locked = new FileStream(root[$"v1.0.0/{name}"], FileMode.Open, FileAccess.Read, FileShare.None);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v1.0.0"], Ct));

        // Whoever opens the file fails with another message: it is locked.
        Assert.Contains($"{name} is {size} bytes long, 5 items × 4 floats {named}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_JunkInPlaceOfAFile_IsRefusedUnread()
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        using (var file = File.OpenWrite(root["v1.0.0/ranker.txt"])) file.SetLength(10L << 30);
        using var locked = new FileStream(root["v1.0.0/ranker.txt"], FileMode.Open, FileAccess.Read, FileShare.None);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v1.0.0"], Ct));

        Assert.Contains("ranker.txt is 10737418240 bytes long, the manifest says 5", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    [InlineData(0f, "zeros")]
    [InlineData(0.4f, "of length 0.8")]
    [InlineData(0.501f, "of length 1.002")]
    public async Task VerifyAsync_BadNumbersWithRightChecksum_AreRefused(float number, string named)
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root.Path, "v1.0.0");
        var rows = TestBundles.Embeddings();
        rows.AsSpan(8, 4).Fill(number);
        await File.WriteAllBytesAsync(root["v1.0.0/item_embeddings.f32"], TestBundles.Bytes(rows), Ct);
        var resealed = await BundlePublication.DescribeAsync(root["v1.0.0/item_embeddings.f32"], Ct);
        Edit(root["v1.0.0"], "files.item_embeddings.f32", resealed.Sha256);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v1.0.0"], Ct));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("row 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_FolderIsALinkOrMissing_IsRefused()
    {
        using var root = new TemporaryFolder();
        await TestBundles.PublishAsync(root["elsewhere"], "v1.0.0");
        Directory.CreateSymbolicLink(root["v1.0.0"], root["elsewhere/v1.0.0"]);

        await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v1.0.0"], Ct));
        await Assert.ThrowsAsync<RecSysException>(() => BundleVerifier.VerifyAsync(root["v2.0.0"], Ct));
    }

    [Fact]
    public async Task VerifyAsync_MoreRowsThanOneRead_AreAllChecked()
    {
        using var root = new TemporaryFolder();
        const int items = 2500;
        var rows = TestBundles.Embeddings(items);
        var ids = string.Concat(Enumerable.Range(0, items).Select(i => $"item-{i}\n"));
        await BundlePublisher.PublishAsync(root.Path, "v1.0.0", TestBundles.Writer(rows, ids), TestBundles.Draft(items), Ct);
        rows[^1] = float.NaN;

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundlePublisher.PublishAsync(
            root.Path, "v1.0.1", TestBundles.Writer(rows, ids), TestBundles.Draft(items), Ct));

        Assert.Contains("row 2499", refusal.Message, StringComparison.Ordinal);
    }

    private static void Cut(string path, int bytes)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - bytes);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Link(string path)
    {
        var outside = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path))!, "outside");
        File.Move(path, outside);
        File.CreateSymbolicLink(path, outside);
    }

    private static void Edit(string folder, string field, JsonNode value)
    {
        var path = Path.Combine(folder, "manifest.json");
        var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        if (field.StartsWith("files.", StringComparison.Ordinal)) json["files"]![field["files.".Length..]]!["sha256"] = value;
        else json[field] = value;
        File.WriteAllText(path, json.ToJsonString());
    }
}
