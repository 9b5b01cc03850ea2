using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;

namespace RecSys.Tests.Retrieval;

public sealed class ItemVectorsTests
{
    private const int Dimension = 24;
    private const int Count = 3000;

    private static readonly float[] Rows = TestVectors.Clustered(Count, Dimension, seed: 1);

    private static async Task<MappedVectors> MapAsync(TemporaryFolder folder)
    {
        var path = folder["rows.f32"];
        await File.WriteAllBytesAsync(path, TestBundles.Bytes(Rows), TestContext.Current.CancellationToken);
        return new MappedVectors(path, Count, Dimension);
    }

    private static void AssertSame(ItemVectors vectors)
    {
        Assert.Equal((Count, Dimension), (vectors.Count, vectors.Dimension));
        for (var row = 0; row < Count; row++) Assert.True(TestVectors.Row(Rows, row, Dimension).SequenceEqual(vectors[row]), $"row {row}");
        var part = new float[3 * Dimension];
        vectors.Read(Count - 3, part);
        Assert.Equal(Rows[^part.Length..], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => vectors[-1].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => vectors[Count].Length);
        Assert.False(vectors.TryGet(Count, out _));
        Assert.True(vectors.TryGet(17, out var found));
        Assert.True(found.SequenceEqual(TestVectors.Row(Rows, 17, Dimension)));
    }

    [Fact]
    public async Task MappedVectors_File_GivesItsRowsUntilDisposed()
    {
        using var folder = new TemporaryFolder();
        var vectors = await MapAsync(folder);

        AssertSame(vectors);
        Assert.True(vectors.Block(5, 100).SequenceEqual(Rows.AsSpan(5 * Dimension, 100 * Dimension)));
        Assert.Throws<ArgumentOutOfRangeException>(() => vectors.Block(Count - 1, 2).Length);
        vectors.Dispose();
        Assert.Throws<ObjectDisposedException>(() => vectors[0].Length);
    }

    [Fact]
    public async Task MappedVectors_FileOfAnotherSize_IsRefused()
    {
        using var folder = new TemporaryFolder();
        (await MapAsync(folder)).Dispose();

        Assert.Contains("bytes long",
            Assert.Throws<RecSysException>(() => new MappedVectors(folder["rows.f32"], Count + 1, Dimension)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExactIndex_OverAMappedFile_FindsTheSame()
    {
        using var folder = new TemporaryFolder();
        using var vectors = await MapAsync(folder);
        using ExactIndex mapped = new(vectors), held = new(Rows, Dimension);
        var (a, b, scores) = (new long[300], new long[300], new float[300]);

        Assert.Equal(held.Search(Rows.AsSpan(0, Dimension), a, scores), mapped.Search(Rows.AsSpan(0, Dimension), b, scores));
        Assert.Equal(a, b);
    }

    [FaissFact]
    public async Task WithoutCopy_WholeVectorsInLists_AreReadThere()
    {
        using var folder = new TemporaryFolder();
        using var index = (FaissIndex)VectorIndexBuilder.Build(Rows, Dimension, new RetrievalOptions { Index = "IVF10,Flat" }).Index;
        index.Save(folder["index.faiss"]);
        using var read = new FaissIndex(NativeIndex.Read(index.Native.Api, folder["index.faiss"], map: false), "IVF10,Flat");

        foreach (var at in (FaissIndex[])[index, read])
        {
            using var vectors = IndexLoading.WithoutCopy(at, await MapAsync(folder));
            Assert.IsType<ListedVectors>(vectors);
            AssertSame(vectors);
        }
    }

    [FaissTheory]
    [InlineData("IVF10,SQ8")]
    [InlineData("HNSW8")]
    [InlineData("PCA8,IVF10,Flat")]
    [InlineData("Flat")]
    public async Task WithoutCopy_OtherKinds_StayWithTheFile(string kind)
    {
        using var folder = new TemporaryFolder();
        using var index =
            (FaissIndex)VectorIndexBuilder.Build(Rows, Dimension, new RetrievalOptions { Index = kind, TargetRecall = 0.5 }).Index;

        using var vectors = IndexLoading.WithoutCopy(index, await MapAsync(folder));

        Assert.IsType<MappedVectors>(vectors);
        AssertSame(vectors);
    }

    [FaissFact]
    public async Task WithoutCopy_IndexOfOtherVectors_StaysWithTheFile()
    {
        using var folder = new TemporaryFolder();
        var others = TestVectors.Clustered(Count, Dimension, seed: 2);
        using var index = (FaissIndex)VectorIndexBuilder.Build(others, Dimension, new RetrievalOptions { Index = "IVF10,Flat" }).Index;

        using var vectors = IndexLoading.WithoutCopy(index, await MapAsync(folder));

        AssertSame(vectors);
    }
}
