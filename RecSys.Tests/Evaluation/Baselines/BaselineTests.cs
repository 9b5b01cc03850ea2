using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Tests.Evaluation.Baselines;

public sealed class BaselineTests
{
    private static float[] Scores(IRecommender model, int items, params int[] history)
    {
        var scores = new float[items];
        Array.Fill(scores, float.NaN);
        model.Score(new RankingQuery(0, history), scores);
        return scores;
    }

    [Fact]
    public void Random_SameSeed_RepeatsPerUserAndHitsByChance()
    {
        var sequences = Enumerable.Range(0, 3000).Select(u => new[] { u % 7, 7 + u % 11, 18 + u % 13 }).ToArray();
        var result = Measure.Rank(new RandomBaseline(3), LeaveOneOutSplit.Create(Logs.OfSequences(102, sequences)));

        // Ten of the hundred unseen items.
        Assert.InRange(result.HitRate(10), 0.08, 0.12);
        Assert.InRange(CatalogueMetrics.Gini(result.TimesRecommended), 0, 0.1);
        Assert.Equal(result.Ranks, Measure.Rank(new RandomBaseline(3), LeaveOneOutSplit.Create(Logs.OfSequences(102, sequences))).Ranks);
        Assert.NotEqual(result.Ranks, Measure.Rank(new RandomBaseline(4), LeaveOneOutSplit.Create(Logs.OfSequences(102, sequences))).Ranks);
    }

    [Fact]
    public void Popularity_PositiveEvents_AreCountedAndDecay()
    {
        var day = (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var log = Logs.Of(1, 4,
            new LogEvent(0, 0, 0, EventType.Click), new LogEvent(0, 0, 0, EventType.Like), new LogEvent(0, 0, 1, EventType.Impression),
            new LogEvent(day, 0, 2, EventType.Click), new LogEvent(2 * day, 0, 3, EventType.Dislike),
                new LogEvent(2 * day, 0, 2, EventType.View));

        Assert.Equal([2f, 0, 2, 0], Scores(PopularityBaseline.Fit(log), 4));
        Assert.Equal([0.5f, 0, 1.5f, 0], Scores(PopularityBaseline.Fit(log, TimeSpan.FromDays(1)), 4));
    }

    [Fact]
    public void ItemKnn_HandComputedLog_GivesShrunkCosine()
    {
        var log = Logs.OfSequences(4, [0, 1], [0, 1], [0, 2], [3]);

        var model = Measure.Knn(log, new ItemKnnOptions { Shrinkage = 1 });

        Assert.Equal([1, 2], model.NeighboursOf(0).ToArray());
        Assert.Equal(2 / Math.Sqrt(3 * 2) * 2 / 3, model.SimilaritiesOf(0)[0], 1e-6);
        Assert.Equal(1 / Math.Sqrt(3 * 1) * 1 / 2, model.SimilaritiesOf(0)[1], 1e-6);
        Assert.Equal(0, model.NeighboursOf(3).Length);
    }

    [Fact]
    public void ItemKnn_AnyLog_EqualsTheDenseReference()
    {
        var options = new ItemKnnOptions { Shrinkage = 2, Neighbours = 1000, HistoryHalfLife = 3, HistoryLength = 4 };
        Gen.Select(Logs.Any, Gen.Int[0, 29].Array[0, 6]).Sample((log, history) =>
        {
            var users = LeaveOneOutSplit.Create(log).Users.Select(user => user.Sequence.ToArray().ToHashSet()).ToArray();
            var expected = new double[30];
            var latest = history.Reverse().Take(4).ToArray();
            for (var i = 0; i < 30; i++)
            {
                for (var age = 0; age < latest.Length; age++)
                {
                    var h = latest[age];
                    var both = users.Count(set => set.Contains(i) && set.Contains(h));
                    if (both == 0 || i == h) continue;
                    expected[i] += Math.Pow(2, -age / 3.0) * both / (both + 2.0)
                        * both / Math.Sqrt((double)users.Count(set => set.Contains(i)) * users.Count(set => set.Contains(h)));
                }
            }
            var actual = Scores(Measure.Knn(log, options), 30, history);
            for (var i = 0; i < 30; i++) Assert.Equal(expected[i], actual[i], 1e-5);
        }, iter: 50);
    }

    [Fact]
    public void ItemKnn_NeighbourLimit_KeepsTheMostSimilar()
    {
        var random = new Random(8);
        var log = Logs.OfSequences(40,
            [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 8).Select(_ => random.Next(40)).ToArray())]);
        var all = Measure.Knn(log, new ItemKnnOptions { Neighbours = 1000 });
        var few = Measure.Knn(log, new ItemKnnOptions { Neighbours = 5 });

        for (var i = 0; i < 40; i++) Assert.Equal(all.SimilaritiesOf(i)[..5].ToArray(), few.SimilaritiesOf(i).ToArray());
    }

    [Fact]
    public void ItemKnn_PairHalfLife_PrefersItemsTakenTogether()
    {
        var log = Logs.OfSequences(8, [0, 1, 2, 3, 4, 5], [0, 1, 6, 7, 3, 5], [0, 1, 4, 2, 7, 5]);

        var model = Measure.Knn(log, new ItemKnnOptions { PairHalfLife = 1 });

        // Items 1 and 5 both meet item 0 in all three sequences, 1 directly and 5 at the other end.
        var near = model.NeighboursOf(0).ToArray();
        Assert.Equal(1, near[0]);
        Assert.True(Array.IndexOf(near, 5) > 0);
        Assert.True(model.SimilaritiesOf(0)[0] > 10 * model.SimilaritiesOf(0)[Array.IndexOf(near, 5)]);
    }

    [Fact]
    public void ItemKnn_EmptyHistory_OrdersByPopularity()
    {
        var model = Measure.Knn(Logs.OfSequences(3, [1, 2], [1], [1, 2]));

        var scores = Scores(model, 3);

        Assert.True(scores[1] > scores[2] && scores[2] > scores[0]);
    }

    [Fact]
    public void ItemKnn_WorldWithGroups_BeatsPopularityAndRandom()
    {
        var random = new Random(6);
        // Users stay inside one of ten groups of ten items.
        var sequences = Enumerable.Range(0, 400).Select(u =>
        {
            int[] own = [.. Enumerable.Range(u % 10 * 10, 10)];
            random.Shuffle(own);
            return own[..6];
        }).ToArray();
        var split = LeaveOneOutSplit.Create(Logs.OfSequences(100, sequences));

        var knn = Measure.Rank(Measure.Knn(split.Train), split).HitRate(10);
        var popular = Measure.Rank(PopularityBaseline.Fit(split.Train), split).HitRate(10);

        Assert.True(knn > 0.95, $"{knn}");
        Assert.True(popular < 0.3, $"{popular}");
    }
}
