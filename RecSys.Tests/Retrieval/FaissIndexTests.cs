using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

public sealed class FaissIndexTests
{
    private const int Dimension = 16;

    [FaissTheory]
    [InlineData("Flat")]
    [InlineData("IVF32,Flat")]
    public void Search_EveryListProbed_EqualsTheExactIndex(string kind)
    {
        var rows = TestVectors.Clustered(3000, Dimension, 1);
        using var exact = new ExactIndex(rows, Dimension);
        using var index = Make(rows, kind, probes: 32);
        var (ids, scores) = (new long[100], new float[100]);
        var (expectedIds, expectedScores) = (new long[100], new float[100]);
        for (var q = 0; q < 50; q++)
        {
            var query = TestVectors.Row(TestVectors.Clustered(50, Dimension, 2), q, Dimension);

            Assert.Equal(100, index.Search(query, ids, scores));

            Assert.Equal(100, exact.Search(query, expectedIds, expectedScores));
            Assert.Equal(expectedIds, ids);
            for (var i = 0; i < 100; i++) Assert.Equal(expectedScores[i], scores[i], 1e-5);
        }
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
