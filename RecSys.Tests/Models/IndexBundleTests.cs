using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Models;

public sealed class IndexBundleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [FaissFact]
    public async Task LoadAsync_BundleWithAnIndex_ServesIt()
    {
        using var root = new TemporaryFolder();
        var manifest = await PublishAsync(root, "v1.0.0");

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        Assert.True(manifest.Files.ContainsKey(BundleFiles.Index));
        Assert.InRange(manifest.Metrics["index.recall_500"], 0.5, 1);
        Assert.Equal(0.7, manifest.Metrics["auc"]);
        Assert.Equal("IVF4,Flat", manifest.Options["index.kind"]);
        Assert.Null(bundle.IndexRemark);
        Assert.StartsWith("IVF4,Flat nprobe=", Assert.IsType<FaissIndex>(bundle.Index).Kind, StringComparison.Ordinal);
        Assert.Equal(TestModels.Items, bundle.Index.Count);
        var ids = new long[1];
        bundle.Index.Search(bundle.Embeddings[17], ids, new float[1]);
        Assert.Equal(17, ids[0]);
    }

    [FaissTheory]
    [InlineData("Flat")]
    [InlineData("IVF4,SQ8")]
    [InlineData("IVF4,SQfp16")]
    [InlineData("HNSW8")]
    [InlineData("PCA6,IVF4,Flat")]
    [InlineData("IVF4,SQ8,RFlat")]
    public async Task LoadAsync_AnyFactoryString_ServesWhatWasBuilt(string kind)
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents();
        var built = Build(contents.Embeddings, kind: kind, recall: 0.7);
        using var index = built.Index;
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { Index = built }, Ct);

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        Assert.Equal((long)TestModels.Items, Assert.IsType<FaissIndex>(bundle.Index).Count);
        Assert.StartsWith(kind, bundle.Index.Description, StringComparison.Ordinal);
        long[] before = new long[20], after = new long[20];
        var query = bundle.Embeddings[5];
        Assert.Equal(index.Search(query, before, new float[20]), bundle.Index.Search(query, after, new float[20]));
        Assert.Equal(before, after);
    }

    [FaissFact]
    public async Task LoadAsync_RecallBelowTheTarget_IsRemarked()
    {
        using var root = new TemporaryFolder();
        var contents = TestModels.Contents();
        var built = Build(contents.Embeddings, kind: "PQ2x2", recall: 0.99);
        using var index = built.Index;
        // Of 60 items the 500 nearest are all of them, which any index finds.
        await BundleWriter.PublishAsync(root.Path, "v1.0.0", contents with { Index = built with { Shortfall = "finds too little" } }, Ct);

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct);

        Assert.Equal("finds too little", bundle.IndexRemark);
    }

    [FaissFact]
    public async Task LoadAsync_NamedLibraryMissingOrForeign_IsRefused()
    {
        using var root = new TemporaryFolder();
        await PublishAsync(root, "v1.0.0");
        var foreign = Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libm.so.*").First();

        var missing = await Refusal("/nowhere/libfaiss_c.so");
        var other = await Refusal(foreign);

        Assert.Contains("/nowhere/libfaiss_c.so", missing.Message, StringComparison.Ordinal);
        Assert.Contains("FAISS 1.7.3 or newer", other.Message, StringComparison.Ordinal);

        Task<RecSysException> Refusal(string library) => Assert.ThrowsAsync<RecSysException>(() => ModelBundle.LoadAsync(
            root["v1.0.0"], TestModels.Catalogue, new RetrievalOptions { FaissLibrary = library }, Ct));
    }

    [FaissFact]
    public async Task LoadAsync_ExactWanted_LeavesTheIndexAlone()
    {
        using var root = new TemporaryFolder();
        await PublishAsync(root, "v1.0.0");

        using var bundle = await ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, new RetrievalOptions { Index = "exact" }, Ct);

        Assert.IsType<ExactIndex>(bundle.Index);
        Assert.Contains("exact", bundle.IndexRemark, StringComparison.Ordinal);
    }

    [FaissFact]
    public async Task PublishAsync_IndexOfOtherItems_IsRefused()
    {
        using var root = new TemporaryFolder();
        var built = Build(TestBundles.Embeddings(50, TestModels.Dimension));
        using var index = built.Index;

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => BundleWriter.PublishAsync(
            root.Path, "v1.0.0", TestModels.Contents() with { Index = built }, Ct));

        Assert.Contains("50 vectors", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<string>, string> Damages => new()
    {
        { "empty", f => Write(f, []), "" },
        { "text", f => Write(f, "this is no index"u8.ToArray()), "" },
        { "cut in the middle", f => Change(f, bytes => bytes[..(bytes.Length / 2)]), "" },
        { "cut at the end", f => Change(f, bytes => bytes[..^8]), "" },
        { "cut in the header", f => Change(f, bytes => bytes[..20]), "" },
        { "absurd number of lists", f => Change(f, bytes => Put(bytes, IndexOf(bytes, 4), 0x7fff_ffff_ffff)), "" },
        { "id beyond the catalogue", f => Change(f, bytes => Put(bytes, bytes.Length - 8, 1000)), "catalogue ends at 59" },
        { "id below zero", f => Change(f, bytes => Put(bytes, bytes.Length - 8, -5)), "catalogue ends at 59" },
        { "id twice", f => Change(f, bytes => Put(bytes, bytes.Length - 8, BitConverter.ToInt64(bytes, bytes.Length - 16))),
            "more than once" },
        { "searches by distance", f => Change(f, bytes => { bytes[33] = 1; return bytes; }), "by distance" },
        { "never trained", f => Change(f, bytes => { bytes[32] = 0; return bytes; }), "never trained" },
        { "vectors of NaN", f => Change(f, ToNaN), "" },
        { "an index of another program", f => Change(f, bytes => [.. "IxZZ"u8, .. bytes[4..]]), "" },
        { "graph cut in the middle", f => { Graph(f); Change(f, bytes => bytes[..(bytes.Length / 2)]); }, "" },
        { "graph with neighbours that do not exist", f => { Graph(f); Change(f, Astray); }, "" },
        { "other dimension", f => Replace(f, 60, 16), "vectors of 16 floats" },
        { "other count", f => Replace(f, 50, TestModels.Dimension), "50 vectors" },
        { "other vectors", f => Replace(f, 60, TestModels.Dimension, negated: true), "finds" },
        { "no expected results", f => Golden(f), "without an index file" },
    };

    [FaissTheory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task LoadAsync_DamagedIndexWithRightChecksums_IsRefusedWithAReason(string what, Action<string> damage, string named)
    {
        using var root = new TemporaryFolder();
        await PublishAsync(root, "v1.0.0");
        damage(root["v1.0.0"]);
        await TestModels.ResealAsync(root["v1.0.0"]);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => ModelBundle.LoadAsync(root["v1.0.0"], TestModels.Catalogue, Ct));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{what}: {refusal.Message}");
        Assert.True(refusal.Message.Contains("refused", StringComparison.Ordinal), $"{what}: {refusal.Message}");
    }

    [FaissFact]
    public async Task RequireSoundAsync_ListsBeyondTheEndOfTheFile_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["index.faiss"];
        using (var index = Build(TestBundles.Embeddings(20_000, 16), 16).Index) ((FaissIndex)index).Save(path);
        await IndexSandbox.RequireSoundAsync(path, "whole", 16, 20_000, null, Ct);
        using (var file = File.OpenWrite(path)) file.SetLength(file.Length / 2);

        // What lies beyond is other memory or none: the reader finds nonsense or dies.
        var refusal = await Assert.ThrowsAsync<RecSysException>(() => IndexSandbox.RequireSoundAsync(path, "cut", 16, 20_000, null, Ct));

        Assert.Contains("refused", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill -SEGV $$", "died of it")]
    [InlineData("kill -KILL $$", "died of it")]
    [InlineData("exit 1", "died of it")]
    [InlineData("echo 'error: it smells' >&2; exit 1", "refused: it smells")]
    public async Task RunAsync_ReaderThatEndsBadly_IsARefusal(string script, string named)
    {
        var refusal =
            await Assert.ThrowsAsync<RecSysException>(() => IndexSandbox.RunAsync(new("/bin/sh", ["-c", script]), "some/index.faiss", Ct));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("some/index.faiss", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<BundleManifest> PublishAsync(TemporaryFolder root, string version)
    {
        var contents = TestModels.Contents();
        var built = Build(contents.Embeddings);
        using var index = built.Index;
        return await BundleWriter.PublishAsync(root.Path, version, contents with { Index = built }, Ct);
    }

    private static BuiltIndex Build(ReadOnlyMemory<float> vectors, int dimension = TestModels.Dimension, string kind = "IVF4,Flat",
        double recall = 0.8) =>
        VectorIndexBuilder.Build(vectors, dimension, new RetrievalOptions { Index = kind, TargetRecall = recall }, default, null, Ct);

    private static void Graph(string folder)
    {
        using var index = Build(TestBundles.Embeddings(TestModels.Items, TestModels.Dimension), kind: "HNSW8").Index;
        ((FaissIndex)index).Save(Path.Combine(folder, BundleFiles.Index));
    }

    // All neighbours of a node beyond the 60 that there are: any run of sixteen small and different numbers is such a list.
    private static byte[] Astray(byte[] bytes)
    {
        var changed = 0;
        for (var at = 100; at + 64 < bytes.Length; at++)
        {
            var list = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(at, 64));
            if (list.ContainsAnyExceptInRange(-1, TestModels.Items - 1) || list.ToArray().Distinct().Count() < 5) continue;
            list.Fill(1_000_000);
            changed++;
        }
        return changed > 0 ? bytes : throw new InvalidOperationException("No list of neighbours was found.");
    }

    private static byte[] ToNaN(byte[] bytes)
    {
        foreach (var value in TestBundles.Embeddings(TestModels.Items, TestModels.Dimension))
        {
            var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(value));
            if (at >= 0) BitConverter.TryWriteBytes(bytes.AsSpan(at), float.NaN);
        }
        return bytes;
    }

    private static void Replace(string folder, int items, int dimension, bool negated = false)
    {
        var vectors = TestBundles.Embeddings(items, dimension);
        if (negated) vectors = [.. vectors.Select(value => -value)];
        using var index = Build(vectors, dimension).Index;
        ((FaissIndex)index).Save(Path.Combine(folder, BundleFiles.Index));
    }

    private static void Golden(string folder)
    {
        var path = Path.Combine(folder, BundleFiles.Golden);
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        foreach (var query in json["queries"]!.AsArray()) query!.AsObject().Remove("found");
        File.WriteAllText(path, json.ToJsonString());
    }

    private static void Write(string folder, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, BundleFiles.Index), bytes);

    private static void Change(string folder, Func<byte[], byte[]> change) =>
        Write(folder, change(File.ReadAllBytes(Path.Combine(folder, BundleFiles.Index))));

    private static byte[] Put(byte[] bytes, int at, long value)
    {
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        return bytes;
    }

    private static int IndexOf(byte[] bytes, long value) => bytes.AsSpan().IndexOf(BitConverter.GetBytes(value));
}
