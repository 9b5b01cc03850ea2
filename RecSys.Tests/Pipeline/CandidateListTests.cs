using CsCheck;
using RecSys.Core.Pipeline;

namespace RecSys.Tests.Pipeline;

public sealed class CandidateListTests
{
    private static readonly Dictionary<StageKind, Action<CandidateList>> Operations = new()
    {
        [StageKind.Retrieve] = list => list.Add(99, CandidateSources.Popular, 1, 0),
        [StageKind.Enrich] = list => list.AssignMatrixRows(),
        [StageKind.Score] = list => list.SetScore(0, 1),
        [StageKind.Filter] = list => list.Remove(0, "why"),
        [StageKind.Rerank] = list => list.SortByScore(),
        [StageKind.Select] = list => list.Truncate(1),
    };

    public static TheoryData<StageKind, StageKind> AllPairs()
    {
        var pairs = new TheoryData<StageKind, StageKind>();
        foreach (var running in Enum.GetValues<StageKind>())
        {
            foreach (var operation in Operations.Keys) pairs.Add(running, operation);
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(AllPairs))]
    public void Operation_InStageOfKind_WorksOnlyForItsOwnKind(StageKind running, StageKind operation)
    {
        var list = Filled(1, 2, 3);
        list.Open(Stage(running));

        var exception = Record.Exception(() => Operations[operation](list));

        if (running == operation) Assert.Null(exception);
        else Assert.Contains($"'{running}'", Assert.IsType<StageRightsException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operation_AfterTheStageEnded_IsRefused()
    {
        var list = Filled(1);
        list.Open(Stage(StageKind.Score));
        list.Close();

        Assert.Throws<StageRightsException>(() => list.SetScore(0, 1));
    }

    [Fact]
    public void Add_SameItemFromTwoSources_MergesAndKeepsTheSearchResult()
    {
        var list = new CandidateList();
        list.Open(Stage(StageKind.Retrieve));

        Assert.True(list.Add(7, CandidateSources.Popular));
        Assert.False(list.Add(7, CandidateSources.TwoTower, 0.5f, 2));
        Assert.False(list.Add(7, CandidateSources.Popular));

        var candidate = Assert.Single(list.Items.ToArray());
        Assert.Equal(CandidateSources.Popular | CandidateSources.TwoTower, candidate.Sources);
        Assert.Equal((2, 0.5f), (candidate.RetrievalRank, candidate.RetrievalScore));
    }

    [Fact]
    public void Add_SameItemWithAnotherRank_KeepsTheBetterOne()
    {
        var list = new CandidateList();
        list.Open(Stage(StageKind.Retrieve));

        list.Add(7, CandidateSources.Neighbours, 0.4f, 10_000);
        list.Add(7, CandidateSources.TwoTower, 0.5f, 2);
        list.Add(7, CandidateSources.CoVisitation, 0.6f, 10_000);

        var candidate = Assert.Single(list.Items.ToArray());
        Assert.Equal((2, 0.5f), (candidate.RetrievalRank, candidate.RetrievalScore));
    }

    [Fact]
    public void Remove_SeveralOnce_KeepsOrderOfTheRestAndFirstReason()
    {
        var list = Filled(10, 11, 12, 13);
        list.Open(Stage(StageKind.Filter, "f"));
        list.Remove(1, "first");
        list.Remove(1, "second");
        list.Remove(3, "third");
        list.Close();

        Assert.Equal([10, 12], Ids(list));
        Assert.Equal([new RemovedCandidate(11, "f", "first"), new RemovedCandidate(13, "f", "third")], list.Removed);
    }

    [Fact]
    public void AssignMatrixRows_FilteredAndSorted_EachCandidateKeepsItsRow()
    {
        var list = Filled(10, 11, 12, 13);
        Assert.All(list.Items.ToArray(), candidate => Assert.Equal(-1, candidate.MatrixRow));
        list.Open(Stage(StageKind.Enrich));
        list.AssignMatrixRows();
        Score(list, 1, 2, 3, 4);
        list.Open(Stage(StageKind.Filter));
        list.Remove(2, "r");
        list.Close();
        list.Open(Stage(StageKind.Rerank));
        list.SortByScore();

        Assert.Equal([(13, 3), (11, 1), (10, 0)], list.Items.ToArray().Select(candidate => (candidate.Item, candidate.MatrixRow)));
    }

    [Fact]
    public void SortByScore_NaNAndInfinity_RankBelowFiniteScores()
    {
        var list = Filled(0, 1, 2, 3, 4);
        Score(list, double.NaN, -5, double.PositiveInfinity, 2, double.NegativeInfinity);

        list.Open(Stage(StageKind.Rerank));
        list.SortByScore();

        Assert.Equal([3, 1, 0, 2, 4], Ids(list));
    }

    [Fact]
    public void SortByScore_AnyScores_EqualsStableReferenceSort() =>
        Gen.OneOf(Gen.Double, Gen.Const(0.0), Gen.Const(-0.0), Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity),
            Gen.Const(double.NegativeInfinity))
            .Array[0, 2000].Sample(scores =>
            {
                var list = Filled([.. Enumerable.Range(0, scores.Length)]);
                Score(list, scores);
                list.Open(Stage(StageKind.Rerank));
                list.SortByScore();
                var expected = Enumerable.Range(0, scores.Length)
                    .OrderBy(i => double.IsFinite(scores[i]) ? 0 : 1)
                    .ThenByDescending(i => double.IsFinite(scores[i]) ? scores[i] : 0);
                Assert.Equal(expected, Ids(list));
            }, iter: 200);

    [Fact]
    public void Reset_AfterUse_ForgetsEverything()
    {
        var list = Filled(1, 2);
        list.Open(Stage(StageKind.Filter));
        list.Remove(0, "r");
        list.Close();

        list.Reset();
        list.Open(Stage(StageKind.Retrieve));

        Assert.True(list.Add(1, CandidateSources.Popular, 0, 0));
        Assert.Equal([1], Ids(list));
        Assert.Empty(list.Removed);
    }

    private static TestStage Stage(StageKind kind, string name = "stage") => new(name, kind, _ => { });

    private static CandidateList Filled(params int[] items)
    {
        var list = new CandidateList();
        list.Open(Stage(StageKind.Retrieve));
        for (var i = 0; i < items.Length; i++) list.Add(items[i], CandidateSources.TwoTower, 1, i);
        list.Close();
        return list;
    }

    private static void Score(CandidateList list, params double[] scores)
    {
        list.Open(Stage(StageKind.Score));
        for (var i = 0; i < scores.Length; i++) list.SetScore(i, scores[i]);
        list.Close();
    }

    private static int[] Ids(CandidateList list) => [.. list.Items.ToArray().Select(candidate => candidate.Item)];
}
