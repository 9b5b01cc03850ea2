using CsCheck;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Tests.Evaluation;

namespace RecSys.Tests.Retrieval.Neighbours;

public sealed class NeighbourVotesTests
{
    [Fact]
    public void Rank_AnyLogAndHistory_IsTheOrderOfTheDenseBaseline()
    {
        Gen.Select(Logs.Any, Gen.Int[0, 29].Array[0, 30]).Sample((log, history) =>
        {
            var options = new ItemKnnOptions();
            var ranked = Rank(ItemNeighbours.Fit(log, options).ToTable(ItemTable.MostPerItem), history);

            // The baseline adds a popularity below any vote to every item, so what it ranks above an item without votes has votes.
            var dense = new float[30];
            ItemKnnBaseline.Fit(log, options, TestContext.Current.CancellationToken).Voting("v", NeighbourVotes.HistoryLength, 2)
                .Score(new RankingQuery(0, history), dense);
            var none = new float[30];
            ItemKnnBaseline.Fit(log, options, TestContext.Current.CancellationToken).Score(new RankingQuery(0, []), none);
            var votes = Enumerable.Range(0, 30).ToDictionary(item => item, item => (double)dense[item] - none[item]);
            Assert.Equal(ranked.Length, ranked.Distinct().Count());
            Assert.All(ranked, item => Assert.True(votes[item] > 0));
            for (var i = 1; i < ranked.Length; i++) Assert.True(votes[ranked[i - 1]] >= votes[ranked[i]] - 1e-5);
            var least = ranked.Length == 0 ? 1e-6 : votes[ranked[^1]];
            Assert.All(Enumerable.Range(0, 30).Except(ranked), item => Assert.True(votes[item] <= least + 1e-5));
        }, iter: 100);
    }

    [Fact]
    public void Rank_EqualVotes_SmallerNumberFirst()
    {
        var table = new ItemTable([0, 3, 3, 3, 3], [3, 1, 2], [0.5f, 0.5f, 0.5f]);

        Assert.Equal([1, 2, 3], Rank(table, [0]));
    }

    [Fact]
    public void Rank_TwoVotesForOneItem_AddsThemTheLatestFully()
    {
        // 0.6 from the item before the latest is halved every two items back: 0.6 / √2 = 0.42.
        var table = new ItemTable([0, 1, 3, 3, 3], [2, 3, 2], [0.6f, 0.4f, 0.1f]);

        Assert.Equal([2, 3], Rank(table, [0, 1]));
        Assert.Equal([3, 2], Rank(table, [1]));
    }

    [Fact]
    public void ToTable_FewerThanThereAre_KeepsTheMostSimilar()
    {
        var random = new Random(8);
        var log = Logs.OfSequences(40,
            [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 8).Select(_ => random.Next(40)).ToArray())]);
        var found = ItemNeighbours.Fit(log, new ItemKnnOptions(), TestContext.Current.CancellationToken);

        var table = found.ToTable(5);

        for (var item = 0; item < 40; item++)
        {
            Assert.Equal(found.Of(item)[..5].ToArray(), table.Of(item).ToArray());
            Assert.Equal(found.SimilaritiesOf(item)[..5].ToArray(), table.WeightsOf(item).ToArray());
        }
    }

    private static int[] Rank(ItemTable table, int[] history)
    {
        var ranked = new int[NeighbourVotes.Most];
        var count = NeighbourVotes.Rank(new Model(table), history, ranked);
        return ranked[..count];
    }

    private sealed class Model(ItemTable table) : INeighbourModel
    {
        public double NeighbourShare => 0.5;

        public int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities) => table.Read(item, neighbours, similarities);
    }
}
