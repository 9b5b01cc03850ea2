using RecSys.Api.Commands.Bench;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Simulation;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Towers;

public sealed class TowerViewTests
{
    [FaissFact]
    public void SearchIn_BuiltIndex_FindsWhatThatFindsFromThenOn()
    {
        var log = ReplayBench.Simulate(new WorldOptions { Items = 2000, Users = 100, Days = 2 });
        using var view = RandomTowers.Create(log, new TwoTowerOptions());
        var query = new float[view.Dimension];
        Assert.True(view.TryGet(5, out var vector));
        vector.CopyTo(query);
        var rows = new float[2000 * view.Dimension];
        for (var item = 0; item < 2000; item++)
        {
            Assert.True(view.TryGet(item, out var own));
            own.CopyTo(rows.AsSpan(item * view.Dimension));
        }
        using var native = NativeIndex.Create(FaissApi.Load(null), view.Dimension, "IVF64,Flat");
        native.Train(rows, 1);
        native.Add(rows, 1);
        native.SetParameter("nprobe", 1);
        using var built = new FaissIndex(native, "IVF64,Flat nprobe=1");
        var (ids, scores, own500) = (new long[500], new float[500], new long[500]);

        Assert.Equal(500, view.Search(query, ids, scores));
        view.SearchIn(built);
        var found = view.Search(query, own500, scores);

        // One list of sixty-four holds no five hundred of two thousand.
        Assert.InRange(found, 1, 499);
        var expected = new long[500];
        Assert.Equal(found, built.Search(query, expected, scores));
        Assert.Equal(expected[..found], own500[..found]);
        Assert.All(own500[..found], id => Assert.InRange(id, 0, 1999));
    }
}
