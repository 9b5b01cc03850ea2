using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

/// <summary>
/// Many new items beside an index with cells: the newest are scanned, the others found where the large index would find them.
/// </summary>
public sealed class DeltaCellsTests : IDisposable
{
    private const int Dimension = 16;
    private const int Lists = 32;
    private const int Old = 6000;
    private const int New = DeltaState.Recent;
    private static readonly float[] Base = TestVectors.Clustered(3000, Dimension, 1);
    private static readonly float[] Rows = TestVectors.Clustered(Old + New, Dimension, 4);
    private static readonly float[] Queries = TestVectors.Clustered(40, Dimension, 2);
    private readonly List<NativeIndex> indexes = [];

    public void Dispose() => indexes.ForEach(index => index.Dispose());

    [FaissFact]
    public void Search_EveryCellProbed_EqualsAScanOfAll()
    {
        var (cells, all) = (Delta(CellsOf(probes: Lists), Old + New), Delta(null, Old + New));
        // Some of the old change, and so become new; some go; one comes back as the large index has it.
        foreach (var delta in (DeltaIndex[])[cells, all])
        {
            for (var item = 0; item < 500; item += 5) Assert.True(delta.Put(item, Row(Rows, Old + item)));
            for (var item = 1; item < 900; item += 3) delta.Remove(item);
            delta.Restore(7);
        }

        for (var q = 0; q < 40; q++)
        {
            var expected = Search(all, Row(Queries, q), 200);
            Assert.Equal(200, expected.Length);
            Assert.Equal(expected, Search(cells, Row(Queries, q), 200));
        }
    }

    [FaissFact]
    public void Search_FewCellsProbed_FindsTheNewestWithoutFailAndTheOthersAsTheIndexDoes()
    {
        var cells = CellsOf(probes: 2);
        var (delta, all) = (Delta(cells, Old + New), Delta(null, Old + New));
        using var large = Index(Rows.AsSpan(0, Old * Dimension), probes: 2);
        var (hits, wanted, indexHits) = (0, 0, 0);
        for (var q = 0; q < 40; q++)
        {
            var query = Row(Queries, q);
            var truth = Search(all, query, 200);
            var found = Search(delta, query, 200).Select(entry => entry.Item).ToHashSet();
            Assert.All(truth.Where(entry => entry.Item >= Old), entry => Assert.Contains(entry.Item, found));
            var old = truth.Where(entry => entry.Item < Old).Select(entry => entry.Item).ToArray();
            hits += old.Count(found.Contains);
            wanted += old.Length;
            var (scores, ids) = (new float[old.Length], new long[old.Length]);
            large.Search(query, scores, ids);
            indexHits += old.Count(item => ids.Contains(item));
        }

        Assert.InRange(wanted, 40 * 50, 40 * 200);
        // Fewer than all: or the cells were not used at all.
        Assert.InRange(hits, indexHits - wanted * 0.02, wanted - 1);
    }

    [FaissFact]
    public void Search_ForItself_FindsEveryItem()
    {
        var delta = Delta(CellsOf(probes: 1), Old + New);
        for (var item = 0; item < Old; item += 17)
        {
            var query = Row(Rows, item);
            var own = Dot(query, query);
            Assert.Contains(Search(delta, query, 20), entry => entry.Item == item || entry.Score > own);
        }
    }

    [FaissFact]
    public void Put_UntilItIsMadeAnew_KeepsEveryItemInItsCell()
    {
        var (cells, all) = (Delta(CellsOf(probes: Lists), 30_000), Delta(null, 30_000));
        // More than ten thousand rows die: they are left out, and the others move.
        for (var round = 0; round < 4; round++)
        {
            foreach (var delta in (DeltaIndex[])[cells, all])
            {
                for (var item = 0; item < 4000; item++) Assert.True(delta.Put(item, Row(Rows, (item + round * 977) % (Old + New))));
            }
        }

        for (var q = 0; q < 10; q++) Assert.Equal(Search(all, Row(Queries, q), 300), Search(cells, Row(Queries, q), 300));
    }

    private static DeltaIndex Delta(IndexCells? cells, int most)
    {
        var delta = new DeltaIndex(Dimension, Math.Max(most, Old + New) + 1000, cells);
        for (var item = 0; item < Old + New; item++) Assert.True(delta.Put(item, Row(Rows, item)));
        return delta;
    }

    private static (int Item, float Score)[] Search(DeltaIndex delta, ReadOnlySpan<float> query, int k)
    {
        var (items, scores) = (new int[k], new float[k]);
        var found = delta.Search(query, items, scores);
        return [.. items.Zip(scores).Take(found)];
    }

    private static ReadOnlySpan<float> Row(float[] rows, int row) => TestVectors.Row(rows, row, Dimension);

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);

    private IndexCells CellsOf(int probes)
    {
        var index = Index(Base, probes);
        indexes.Add(index);
        var cells = IndexCells.Of(index);
        Assert.True(cells is not null, "The library of FAISS does not tell cells; build it anew with eng/setup.sh.");
        return cells;
    }

    private static NativeIndex Index(ReadOnlySpan<float> rows, int probes)
    {
        var index = NativeIndex.Create(FaissApi.Load(null), Dimension, $"IVF{Lists},Flat");
        index.Train(Base, 1);
        index.Add(rows, 1);
        index.SetParameter("nprobe", probes);
        return index;
    }
}
