using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Retrieval;

public sealed class FaissIndexTests
{
    private const int Dimension = 16;
    private static readonly float[] Rows = TestVectors.Clustered(3000, Dimension, 1);
    private static readonly float[] Queries = TestVectors.Clustered(50, Dimension, 2);

    [FaissTheory]
    [InlineData("Flat")]
    [InlineData("IVF32,Flat")]
    public void Search_EveryListProbed_EqualsTheExactIndex(string kind)
    {
        using var exact = new ExactIndex(Rows, Dimension);
        using var index = Make(Rows, kind, probes: 32);
        for (var q = 0; q < 50; q++)
        {
            var (expectedIds, expectedScores) = Search(exact, Query(q), 100);

            var (ids, scores) = Search(index, Query(q), 100);

            Assert.Equal(expectedIds, ids);
            for (var i = 0; i < ids.Length; i++) Assert.Equal(expectedScores[i], scores[i], 1e-5);
        }
    }

    // Lengths around the widths of vector registers: the kernels have to get the rest right.
    [FaissTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(129)]
    public void Search_AnyDimension_ScoresAreInnerProducts(int dimension)
    {
        var rows = TestVectors.Clustered(200, dimension, 3);
        using var exact = new ExactIndex(rows, dimension);
        using var native = NativeIndex.Create(FaissApi.Load(null), dimension, "Flat");
        native.Add(rows, 1);
        using var index = new FaissIndex(native, "Flat");
        var query = TestVectors.Row(rows, 5, dimension);

        var (_, scores) = Search(index, query, 200);

        var expected = Search(exact, query, 200).Scores;
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], scores[i], 1e-5);
    }

    [FaissTheory]
    [InlineData("IVF16,Flat", "nprobe", 16)]
    [InlineData("IVF16,SQ8", "nprobe", 16)]
    [InlineData("HNSW16", "efSearch", 200)]
    public void Search_OtherKinds_FindMostOfTheTrueNeighbours(string kind, string parameter, int value)
    {
        using var exact = new ExactIndex(Rows, Dimension);
        using var native = NativeIndex.Create(FaissApi.Load(null), Dimension, kind);
        native.Train(Rows, 1);
        native.Add(Rows, 1);
        native.SetParameter(parameter, value);
        using var index = new FaissIndex(native, kind);
        var hits = 0;
        for (var q = 0; q < 50; q++) hits += Search(index, Query(q), 50).Ids.Intersect(Search(exact, Query(q), 50).Ids).Count();

        Assert.True(hits > 0.9 * 50 * 50, $"{hits} of {50 * 50}");
    }

    [FaissFact]
    public void Search_MoreThanThereAre_GivesAllAndLeavesTheRestAlone()
    {
        using var index = Make(Rows[..(100 * Dimension)], "IVF2,Flat", probes: 2);
        var (ids, scores) = (new long[150], new float[150]);
        Array.Fill(ids, 77);
        Array.Fill(scores, 7f);

        Assert.Equal(100, index.Search(Query(0), ids, scores));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), ids[..100].Order());
        Assert.All(ids[100..], id => Assert.Equal(77, id));
        Assert.All(scores[100..], score => Assert.Equal(7f, score));
    }

    [FaissFact]
    public void Search_OneListOfMany_DropsTheMissing()
    {
        using var index = Make(Rows, "IVF32,Flat", probes: 1);
        var (ids, scores) = (new long[3000], new float[3000]);
        Array.Fill(ids, -7);

        var found = index.Search(Query(0), ids, scores);

        Assert.InRange(found, 1, 2999);
        Assert.All(ids[..found], id => Assert.InRange(id, 0, 2999));
        Assert.All(ids[found..], id => Assert.Equal(-7, id));
    }

    [FaissFact]
    public void Search_EqualScores_ComeByLowerId()
    {
        var rows = new float[40 * Dimension];
        for (var row = 0; row < 40; row++) rows[row * Dimension + row % 2] = 1;
        using var index = Make(rows, "Flat", 0);
        var query = new float[Dimension];
        query[1] = 1;

        var (ids, _) = Search(index, query, 40);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => 2L * i + 1).Concat(Enumerable.Range(0, 20).Select(i => 2L * i)), ids);
    }

    [FaissFact]
    public void Search_BadInput_IsRefused()
    {
        using var index = Make(Rows, "Flat", 0);
        var query = new float[Dimension];
        query[3] = float.NaN;

        Assert.Throws<ArgumentException>(() => index.Search(query, new long[1], new float[1]));
        Assert.Throws<ArgumentException>(() => index.Search(new float[Dimension - 1], new long[1], new float[1]));
        Assert.Throws<ArgumentException>(() => index.Search(new float[Dimension], new long[2], new float[1]));
        Assert.Equal(0, index.Search(new float[Dimension], [], []));
    }

    [FaissFact]
    public void Search_Disposed_Throws()
    {
        var index = Make(Rows, "Flat", 0);
        index.Dispose();
        index.Dispose();

        Assert.Throws<ObjectDisposedException>(() => index.Search(new float[Dimension], new long[1], new float[1]));
    }

    [FaissFact]
    public async Task Search_WhileDisposed_IsRightOrRefused()
    {
        for (var round = 0; round < 30; round++)
        {
            var index = Make(Rows[..(500 * Dimension)], "Flat", 0);
            var first = Search(index, Query(0), 10).Ids;
            using var started = new CountdownEvent(2);
            var searches = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    var (ids, scores) = (new long[10], new float[10]);
                    started.Signal();
                    try
                    {
                        while (true)
                        {
                            Assert.Equal(10, index.Search(Query(0), ids, scores));
                            Assert.Equal(first, ids);
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                    }
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            index.Dispose();
            await Task.WhenAll(searches);
        }
    }

    [FaissTheory]
    [InlineData("IVF16,Flat")]
    [InlineData("HNSW16")]
    public void Save_ReadAgain_FindsTheSame(string kind)
    {
        using var folder = new TemporaryFolder();
        var path = folder["é index.faiss"];
        using var index = Make(Rows, kind, probes: 3);
        index.Save(path);

        IndexInspection.Inspect(path, Dimension, 3000);
        using var again = new FaissIndex(NativeIndex.Read(FaissApi.Load(null), path, map: false), kind);

        Assert.Equal((index.Count, index.Dimension), (again.Count, again.Dimension));
        for (var q = 0; q < 20; q++)
        {
            var (ids, scores) = Search(index, Query(q), 100);
            var (idsAgain, scoresAgain) = Search(again, Query(q), 100);
            Assert.Equal(ids, idsAgain);
            Assert.Equal(scores, scoresAgain);
        }
    }

    [FaissFact]
    public void Save_FolderMissing_CarriesFaissesWords()
    {
        using var index = Make(Rows, "Flat", 0);

        var failure = Assert.Throws<RecSysException>(() => index.Save("/nowhere/at/all"));

        Assert.Contains("No such file", failure.Message, StringComparison.Ordinal);
    }

    [FaissFact]
    public void Create_UnknownKind_CarriesFaissesWords()
    {
        var failure = Assert.Throws<RecSysException>(() => NativeIndex.Create(FaissApi.Load(null), Dimension, "Nonsense7"));

        Assert.Contains("Nonsense7", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FAISS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NamedLibraryMissing_SaysWhichAndWhatToDo()
    {
        var failure = Assert.Throws<RecSysException>(() => FaissApi.TryLoad("/nowhere/libfaiss_c.so", out _, out _));

        Assert.Contains("/nowhere/libfaiss_c.so", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Retrieval:FaissLibrary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoLibraryAtAll_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["libfaiss_c.so"], "not a library");

        var failure = Assert.Throws<RecSysException>(() => FaissApi.Load(folder["libfaiss_c.so"]));

        Assert.Contains("cannot be loaded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherLibrary_NamesTheMissingFunction()
    {
        // Any library of the system that is not FAISS: the C library is on every machine.
        var other = Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libm.so.*").First();

        var failure = Assert.Throws<RecSysException>(() => FaissApi.Load(other));

        Assert.Contains("faiss_get_last_error", failure.Message, StringComparison.Ordinal);
    }

    private static ReadOnlySpan<float> Query(int number) => TestVectors.Row(Queries, number, Dimension);

    private static (long[] Ids, float[] Scores) Search(IVectorIndex index, ReadOnlySpan<float> query, int k)
    {
        var (ids, scores) = (new long[k], new float[k]);
        var found = index.Search(query, ids, scores);
        return (ids[..found], scores[..found]);
    }

    private static FaissIndex Make(float[] rows, string kind, int probes)
    {
        var native = NativeIndex.Create(FaissApi.Load(null), Dimension, kind);
        native.Train(rows, 1);
        native.Add(rows, 1);
        if (kind.StartsWith("IVF", StringComparison.Ordinal)) native.SetParameter("nprobe", probes);
        return new FaissIndex(native, kind);
    }
}
