using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

public sealed class VectorIndexBuilderTests
{
    private const int Dimension = 16;
    private const int Count = 4000;
    private static readonly float[] Rows = TestVectors.Clustered(Count, Dimension, 1);
    private static readonly float[] Queries = TestVectors.Clustered(100, Dimension, 2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [FaissFact]
    public void Build_FewerItemsThanExactUpTo_IsExactAndOneMoreIsFaiss()
    {
        using var exact = Build(new RetrievalOptions { ExactUpTo = Count }).Index;
        using var faiss = Build(new RetrievalOptions { ExactUpTo = Count - 1 }).Index;

        Assert.IsType<ExactIndex>(exact);
        Assert.StartsWith("IVF", Assert.IsType<FaissIndex>(faiss).Kind, StringComparison.Ordinal);
        Assert.Equal(Count, faiss.Count);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50_001, 224)]
    [InlineData(1_000_000, 1000)]
    [InlineData(10_000_000, 1000)]
    [InlineData(100_000_000, 3162)]
    public void AutoLists_Items_GrowWithTheirRoot(long items, int lists) => Assert.Equal(lists, IndexKind.AutoLists(items));

    [FaissFact]
    public void Build_TargetRecall_IsReachedOnOtherQueriesAndNotByProbingAll()
    {
        var built = Build(new RetrievalOptions { Index = "IVF64,Flat", TargetRecall = 0.9 });
        using var index = built.Index;
        using var exact = new ExactIndex(Rows, Dimension);
        var others = TestVectors.Clustered(100, Dimension, 3);
        var hits = 0;
        long[] ids = new long[500], truth = new long[500];
        for (var q = 0; q < 100; q++)
        {
            var query = TestVectors.Row(others, q, Dimension);
            var found = index.Search(query, ids, new float[500]);
            exact.Search(query, truth, new float[500]);
            hits += truth.Intersect(ids[..found]).Count();
        }

        Assert.Null(built.Shortfall);
        Assert.True(hits / 50_000.0 > 0.88, $"{hits}");
        Assert.InRange(built.Chosen!.Value, 1, 63);
        Assert.Contains(built.Curve, point => point.Recall < 0.9);
        Assert.Equal($"IVF64,Flat nprobe={built.Chosen.Value}", ((FaissIndex)index).Kind);
    }

    [FaissFact]
    public void Build_Curve_HasRisingRecallAndGoesToTheManifest()
    {
        var built = Build(new RetrievalOptions { Index = "IVF64,Flat", TargetRecall = 0.97 });
        using var index = built.Index;

        Assert.Equal(built.Curve.Select(point => point.Value).Order(), built.Curve.Select(point => point.Value));
        Assert.Equal(built.Curve.Select(point => point.Recall).Order(), built.Curve.Select(point => point.Recall));
        Assert.Equal(built.Chosen!.Recall, built.Metrics["index.recall_500"]);
        Assert.Equal($"nprobe={built.Chosen.Value}", built.Options["index.parameter"]);
        Assert.Equal(built.Curve.Count, built.Options["index.curve"].Split(' ').Length);
    }

    [FaissFact]
    public void Build_GraphOfNodes_TunesEfSearch()
    {
        var built = Build(new RetrievalOptions { Index = "HNSW8", TargetRecall = 0.9 });
        using var index = built.Index;

        Assert.StartsWith("efSearch=", built.Options["index.parameter"], StringComparison.Ordinal);
        Assert.True(built.Chosen!.Recall >= 0.9);
    }

    [FaissTheory]
    [InlineData("IVF16,SQ4", "nprobe=")]
    [InlineData("IVF16,PQ4x4", "nprobe=")]
    [InlineData("PQ4x4", null)]
    public void Build_VectorsTooCoarseForTheTarget_SaysHowMuchIsFoundAndStaysCheap(string kind, string? setting)
    {
        var built = Build(new RetrievalOptions { Index = kind, TargetRecall = 0.99 });
        using var index = built.Index;

        Assert.True(built.Chosen!.Recall < 0.99);
        Assert.Contains(built.Chosen.Recall.ToString("0.000", CultureInfo.InvariantCulture), built.Shortfall, StringComparison.Ordinal);
        Assert.Contains("Retrieval:TargetRecall asks for 0.99", built.Shortfall, StringComparison.Ordinal);
        Assert.Equal(setting is not null, built.Shortfall!.Contains("nprobe=", StringComparison.Ordinal));
        Assert.Equal(built.Shortfall, built.Options[BuiltIndex.ShortfallKey]);
        // No dearer setting that was tried finds noticeably more, and no cheaper one as much.
        Assert.All(built.Curve, point => Assert.True(point.Value < built.Chosen.Value
            ? point.Recall < built.Chosen.Recall
            : point.Recall < built.Chosen.Recall + 0.002, $"{point} against {built.Chosen}"));
    }

    [FaissFact]
    public void Build_RowsReadInParts_EqualsRowsInMemory()
    {
        // More than one part of 65,536 rows.
        var rows = TestVectors.Clustered(70_000, 4, 5);
        var options = new RetrievalOptions { Index = "Flat" };
        using var whole = VectorIndexBuilder.Build(rows, 4, options, default, null, Ct).Index;
        using var parts = VectorIndexBuilder.Build(new Computed(rows, 4), options, default, null, Ct).Index;
        long[] a = new long[50], b = new long[50];

        whole.Search(rows.AsSpan(69_999 * 4, 4), a, new float[50]);
        parts.Search(rows.AsSpan(69_999 * 4, 4), b, new float[50]);

        Assert.Equal(a, b);
        Assert.Equal(70_000, parts.Count);
    }

    [Theory]
    [InlineData("exact", float.NaN, "NaN")]
    [InlineData("exact", 0f, "zeros")]
    [InlineData("Flat", float.PositiveInfinity, "NaN, infinite")]
    [InlineData("Flat", 0f, "zeros")]
    public void Build_DamagedVector_NamesTheRow(string kind, float value, string words)
    {
        if (kind != "exact" && !FaissApi.TryLoad(null, out _, out var reason)) Assert.Skip(reason);
        var rows = Rows.ToArray();
        Array.Fill(rows, value, 123 * Dimension, Dimension);

        var failure = Assert.Throws<RecSysException>(
            () => VectorIndexBuilder.Build(rows, Dimension, new RetrievalOptions { Index = kind }, default, null, Ct));

        Assert.Contains("Vector 123", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [FaissFact]
    public void Build_Unbuildable_SaysWhatToDo()
    {
        RecSysException Fail(RetrievalOptions options) => Assert.Throws<RecSysException>(() => Build(options));

        Assert.Contains("5000 lists", Fail(new RetrievalOptions { Index = "IVF5000,Flat" }).Message, StringComparison.Ordinal);
        Assert.Contains("IVF12,Oops", Fail(new RetrievalOptions { Index = "IVF12,Oops" }).Message, StringComparison.Ordinal);
        Assert.Contains("build of FAISS for the CPU", Fail(new RetrievalOptions { Index = "IVF12,Flat", Device = "gpu" }).Message,
            StringComparison.Ordinal);
        var small = Assert.Throws<RecSysException>(() => VectorIndexBuilder.Build(
            new Computed(Rows, Dimension), new RetrievalOptions { Index = "IVF12,Flat" }, default, availableBytes: 1 << 20, null, Ct));
        Assert.Contains("MiB are free", small.Message, StringComparison.Ordinal);
    }

    [FaissFact]
    public void Build_QueriesNotFinite_AreRefused()
    {
        var queries = Queries.ToArray();
        queries[17] = float.NaN;

        Assert.Throws<RecSysException>(
            () => VectorIndexBuilder.Build(Rows, Dimension, new RetrievalOptions { Index = "IVF12,Flat" }, queries, null, Ct));
    }

    [FaissFact]
    public void Build_Progress_EndsEveryPhase()
    {
        var seen = new List<WorkProgress>();
        using var index = VectorIndexBuilder.Build(
            Rows, Dimension, new RetrievalOptions { Index = "IVF12,Flat" }, Queries, new Recorder(seen), Ct).Index;

        foreach (var phase in (string[])["train the index", "add to the index", "find true neighbours"])
            Assert.Contains(seen, step => step.Phase == phase && step.Done == step.Total);
        Assert.Contains(seen, step => step.Phase == "tune the index" && step.Note!.Contains("recall", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_ManyQueries_EqualsTheExactIndex()
    {
        var truth = ExactNeighbours.Find(new Computed(Rows, Dimension), Queries, 70, null, Ct);
        using var exact = new ExactIndex(Rows, Dimension);
        var ids = new long[70];
        for (var q = 0; q < truth.Queries; q++)
        {
            exact.Search(TestVectors.Row(Queries, q, Dimension), ids, new float[70]);
            Assert.Equal(ids, truth.Of(q));
            Assert.Equal(0.5, truth.Recall(q, [.. ids[..35], 1_000_000, -1, ids[0]]));
        }
    }

    [Theory]
    [InlineData("Index", "IVF 12", "Retrieval:Index")]
    [InlineData("Index", "", "Retrieval:Index")]
    [InlineData("Device", "tpu", "Retrieval:Device")]
    [InlineData("TargetRecall", "0", "TargetRecall must be between")]
    [InlineData("TargetRecall", "1.5", "TargetRecall must be between")]
    [InlineData("ExactUpTo", "-1", "ExactUpTo must be between")]
    public void Options_BadValue_IsNamed(string key, string value, string named)
    {
        using var services = Services(new() { [$"Retrieval:{key}"] = value });

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RetrievalOptions>>().Value);

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_GoodValues_AreRead()
    {
        using var services = Services(
            new() { ["Retrieval:Index"] = "IVF4096,SQ8", ["Retrieval:TargetRecall"] = "0.9", ["Retrieval:Device"] = "cpu" });

        var options = services.GetRequiredService<IOptions<RetrievalOptions>>().Value;

        Assert.Equal(("IVF4096,SQ8", 0.9, "cpu", 50_000), (options.Index, options.TargetRecall, options.Device, options.ExactUpTo));
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddVectorSearch(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

    private static BuiltIndex Build(RetrievalOptions options) => VectorIndexBuilder.Build(Rows, Dimension, options, Queries, null, Ct);

    private sealed class Computed(float[] rows, int dimension) : IVectorRows
    {
        public int Dimension => dimension;
        public int Count => rows.Length / dimension;

        public void Read(int first, Span<float> into) => rows.AsSpan(first * dimension, into.Length).CopyTo(into);
    }

    private sealed class Recorder(List<WorkProgress> seen) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => seen.Add(value);
    }
}
