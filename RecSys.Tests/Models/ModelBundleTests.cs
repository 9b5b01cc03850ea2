using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Models.Signing;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ModelBundleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoadAsync_WhatTheWriterPublished_IsTheSameModel()
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents() with
        {
            GoldenUsers = [new GoldenInput([1, 2, 3], [7]), new GoldenInput([], [])],
            GoldenFeatures = [[0.1f, float.NaN, 9]],
            Importance =
                new RankerImportance("auc", 7, 0.75, [new RankerFeature("large", 20, 0.8, 0.25), new RankerFeature("small", 5, 0.2, null)]),
        };
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", contents, Ct);

        Assert.Equal(
            """{"metric":"auc","rows":7,"value":0.75,"features":[{"feature":"large","gain":20,"gain_share":0.8,"loss":0.25},{"feature":"small","gain":5,"gain_share":0.2,"loss":null}]}""",
            await File.ReadAllTextAsync(Path.Combine(root["v1.0.0"], BundleFiles.Importance), Ct));
        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        Assert.Equal("v1.0.0", bundle.Manifest.Version);
        Assert.Equal(contents.ItemIds, bundle.ItemIds);
        Assert.Equal(contents.Embeddings.ToArray(),
            Enumerable.Range(0, TestModels.Items).SelectMany(row => bundle.Embeddings[row].ToArray()));
        Assert.Equal((TestModels.Dimension, TestModels.Items), (bundle.Dimension, (int)bundle.Index.Count));
        Assert.Equal("""{"user":{}}"""u8.ToArray(), bundle.FeatureReference.ToArray());
        float[] before = new float[TestModels.Dimension], after = new float[TestModels.Dimension];
        contents.UserTower.Embed([5, 6], [1], contents.Embeddings.Span, before);
        bundle.UserTower.Embed([5, 6], [1], bundle.Embeddings, after);
        Assert.Equal(before, after);
        var scores = new double[2];
        bundle.Forest.Score([1, 0, 0, 0, 1, 1], 2, scores);
        Assert.Equal([0.75 - 0.5 - 0.75, -0.25 + 1.5 + 2.25], scores);
        Assert.Equal(1 / (1 + Math.Exp(-(0.9 * 2 - 0.1))), bundle.Calibrator.Calibrate(2), 1e-12);
        var ids = new long[1];
        bundle.Index.Search(bundle.Embeddings[17], ids, new float[1]);
        Assert.Equal(17, ids[0]);
    }

    [Fact]
    public async Task LoadAsync_BundleForOtherFeatures_NamesThem()
    {
        using var root = new TemporaryFolder();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", TestModels.Contents(), Ct);
        var features = FeatureCatalogue.Default.Features;
        var more = new FeatureCatalogue(features.Take(4));
        var changed = new FeatureCatalogue([features[0] with { Version = 2 }, features[1], features[2]]);

        var missing = await Assert.ThrowsAsync<RecSysException>(() => ModelBundle.LoadAsync(root["v1.0.0"], more, Ct));
        var redefined = await Assert.ThrowsAsync<RecSysException>(() => ModelBundle.LoadAsync(root["v1.0.0"], changed, Ct));

        Assert.Contains(features[3].Name, missing.Message, StringComparison.Ordinal);
        Assert.Contains("Train a new version", missing.Message, StringComparison.Ordinal);
        Assert.Contains("versions of some features changed", redefined.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<string>, string> Damages => new()
    {
        { "another tower", f => TestModels.Tower(2).Save(Path.Combine(f, "user_tower.safetensors")), "query" },
        { "tower of another dimension", f => TestModels.Tower(1, 16).Save(Path.Combine(f, "user_tower.safetensors")), "dimension 16" },
        { "another item tower", f => TestModels.ItemTower(2).Save(Path.Combine(f, "item_tower.safetensors")), "item 0: the embedding" },
        { "item tower of another dimension", f => TestModels.ItemTower(1, 16).Save(Path.Combine(f, "item_tower.safetensors")),
            "item_tower.safetensors has dimension 16" },
        { "item tower cut", f => Cut(Path.Combine(f, "item_tower.safetensors"), 100), "item_tower" },
        { "another id", f => Patch(Path.Combine(f, "item_id_vectors.i16"), ..4, BitConverter.GetBytes(3f)), "the embedding" },
        { "unknown id", f => Patch(Path.Combine(f, "item_id_vectors.i16"), ..4, new byte[4]), "nothing is known of its id" },
        { "NaN in the ids", f => Patch(Path.Combine(f, "item_id_vectors.i16"), 8..12, BitConverter.GetBytes(float.NaN)), "a scale of NaN" },
        { "negative scale", f => Patch(Path.Combine(f, "item_id_vectors.i16"), 8..12, BitConverter.GetBytes(-1f)), "a scale of -1" },
        { "ids cut", f => Cut(Path.Combine(f, "item_id_vectors.i16"), 100), "60 items × 8 floats need 1200" },
        { "no golden items", f => Golden(f, g => g["items"] = null), "no items to check it with" },
        { "golden item without title", f => Golden(f, g => g["items"]![0]!["content"]!["title"] = null), "" },
        { "golden item far out", f => Golden(f, g => g["items"]![4]!["row"] = 1_000_000), "nothing is known of its id" },
        { "NaN in the tower", f => Patch(Path.Combine(f, "user_tower.safetensors"), ^4.., BitConverter.GetBytes(float.NaN)), "not finite" },
        { "absurd header", f => Patch(Path.Combine(f, "user_tower.safetensors"), ..8, BitConverter.GetBytes(long.MaxValue)), "header" },
        { "tower cut", f => Cut(Path.Combine(f, "user_tower.safetensors"), 100), "user_tower" },
        { "tower empty", f => Cut(Path.Combine(f, "user_tower.safetensors"), 0), "user_tower" },
        { "ranker cut", f => Cut(Path.Combine(f, "ranker.txt"), 300), "" },
        { "ranker empty", f => Cut(Path.Combine(f, "ranker.txt"), 0), "" },
        { "ranker of other features", f => File.WriteAllText(Path.Combine(f, "ranker.txt"), TestModels.Ranker(["a", "b", "c"])),
            "other features" },
        { "another leaf value", f => Replace(Path.Combine(f, "ranker.txt"), "leaf_value=-0.25 0.75", "leaf_value=-0.26 0.75"),
            "raw score" },
        { "another calibration", f => CalibrationFile.Save(new PlattCalibrator(1, 0), Path.Combine(f, "calibration.json")), "probability" },
        { "no calibration", f => File.WriteAllText(Path.Combine(f, "calibration.json"), "{}"), "calibration" },
        { "broken reference", f => File.WriteAllText(Path.Combine(f, "feature_reference.json"), "{"), "feature_reference.json" },
        { "shuffled items", f => SwapRows(Path.Combine(f, "item_embeddings.f32")), "query" },
        { "golden empty", f => File.WriteAllText(Path.Combine(f, "golden.json"), """{"queries":[],"rows":[]}"""), "no queries" },
        { "golden without rows", f => Golden(f, g => g["rows"] = new JsonArray()), "no feature rows" },
        { "golden null query", f => Golden(f, g => g["queries"]![0] = null), "query 0" },
        { "golden null list", f => Golden(f, g => g["queries"]![0]!["history"] = null), "query 0" },
        { "golden row far out", f => Golden(f, g => g["queries"]![1]!["history"]![0] = 1_000_000), "does not exist" },
        { "golden bucket far out", f => Golden(f, g => g["queries"]![1]!["profile"]![0] = -1), "does not exist" },
        { "golden top changed", f => Golden(f, g => g["queries"]![0]!["top"] = new JsonArray(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)), "expected" },
        { "golden NaN", f => Golden(f, g => g["queries"]![0]!["embedding"]![0] = "NaN"), "embedding" },
        { "golden score", f => Golden(f, g => g["rows"]![0]!["raw_score"] = 1e9), "raw score" },
        { "golden short row", f => Golden(f, g => g["rows"]![0]!["features"] = new JsonArray(1)), "3 features" },
        { "golden no JSON", f => File.WriteAllText(Path.Combine(f, "golden.json"), "["), "golden.json" },
        { "tower missing", f => File.Delete(Path.Combine(f, "user_tower.safetensors")), "user_tower.safetensors is missing" },
        { "golden missing", f => File.Delete(Path.Combine(f, "golden.json")), "golden.json is missing" },
    };

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task LoadAsync_DamageWithRightChecksums_IsRefusedAndTheOldModelServes(string what, Action<string> damage, string named)
    {
        using var root = new TemporaryFolder();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", TestModels.Contents(), Ct);
        await BundleWriter.PublishAsync(root.Path, "v1.0.1", TestModels.Contents(), Ct);
        using var rig = new PoolRig(root.Path);
        Assert.Null((await rig.Loader.LoadAsync("v1.0.0", Ct)).Refusal);
        rig.Pool.Promote("v1.0.0");
        damage(root["v1.0.1"]);
        await TestModels.ResealAsync(root["v1.0.1"]);

        var refusal = (await rig.Loader.LoadAsync("v1.0.1", Ct)).Refusal;

        Assert.Equal(RefusalCause.Unsound, refusal?.Cause);
        Assert.True(refusal!.Reason.Contains(named, StringComparison.OrdinalIgnoreCase), $"{what}: {refusal.Reason}");
        Assert.False(rig.Pool.IsLive("v1.0.1"));
        using var lease = rig.Pool.AcquireChampion();
        Assert.Equal("v1.0.0", lease.Model.Bundle.Manifest.Version);
    }

    [Fact]
    public async Task LoadAsync_BundleWithoutItemTower_ServesAndSaysWhatThatMeans()
    {
        using var root = new TemporaryFolder();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", TestModels.Contents() with { ItemTower = null }, Ct);

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        Assert.Null(bundle.ItemTower);
        Assert.False(bundle.Manifest.Files.ContainsKey(BundleFiles.IdVectors));
        Assert.Contains("no item tower", bundle.IndexRemark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_BundleWithItemTower_ReadsItemsAsBefore()
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", contents, Ct);

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        float[] before = new float[TestModels.Dimension], after = new float[TestModels.Dimension], id = new float[TestModels.Dimension];
        contents.ItemTower!.Embed(TestModels.Item(99), before);
        bundle.ItemTower!.Embed(TestModels.Item(99), after);
        Assert.Equal(before, after);
        Assert.Null(bundle.IndexRemark);
        Assert.True(bundle.IdVectors!.TryRead(3, id));
        for (var i = 0; i < id.Length; i++) Assert.Equal(TestModels.IdVector(3)[i], id[i], 1e-5);
        Assert.False(bundle.IdVectors.TryRead(TestModels.UnknownIdRow, id));
    }

    [Fact]
    public async Task LoadAsync_TooLittleMemory_IsRefusedWithFigures()
    {
        using var root = new TemporaryFolder();
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", TestModels.Contents(), Ct);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() =>
            ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, new RetrievalOptions(), BundleTrust.None, 1000, Ct));

        Assert.Contains("memory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishAsync_PartsThatDoNotFit_LeaveNothing()
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents();

        await Assert.ThrowsAsync<RecSysException>(() =>
            BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { RankerText = TestModels.Ranker(["x"]) }, Ct));
        await Assert.ThrowsAsync<RecSysException>(() =>
            BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { ItemIds = ["only"] }, Ct));
        await Assert.ThrowsAsync<RecSysException>(() =>
            BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { ItemTower = TestModels.ItemTower(1, 16) }, Ct));
        await Assert.ThrowsAsync<RecSysException>(() =>
            BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { Ids = new IdTable(8, TestModels.Dimension) }, Ct));

        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
    }

    private static void Cut(string path, int length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static void Patch(string path, Range range, byte[] value)
    {
        var bytes = File.ReadAllBytes(path);
        value.CopyTo(bytes.AsSpan(range));
        File.WriteAllBytes(path, bytes);
    }

    private static void Replace(string path, string old, string text)
    {
        var content = File.ReadAllText(path);
        Assert.Contains(old, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(old, text, StringComparison.Ordinal));
    }

    private static void SwapRows(string path)
    {
        const int row = TestModels.Dimension * sizeof(float);
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < TestModels.Items / 2; at++)
        {
            var first = bytes.AsSpan(at * row, row);
            var second = bytes.AsSpan((TestModels.Items - 1 - at) * row, row);
            var copy = first.ToArray();
            second.CopyTo(first);
            copy.CopyTo(second);
        }
        File.WriteAllBytes(path, bytes);
    }

    private static void Golden(string folder, Action<JsonNode> change)
    {
        var path = Path.Combine(folder, "golden.json");
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
