using CsCheck;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Tests.Evaluation;

public sealed class FullRankingTests
{
    [Fact]
    public void RankOf_Ties_FollowThePolicy()
    {
        Assert.Equal(4, FullRanking.RankOf([5f, 3, 3, 3, 1], 2, [], TiePolicy.Pessimistic));
        Assert.Equal(3, FullRanking.RankOf([5f, 3, 3, 3, 1], 2, [], TiePolicy.Average));
    }

    [Fact]
    public void RankOf_SeenItems_AreOutOfTheListButTheTargetIsNot()
    {
        Assert.Equal(1, FullRanking.RankOf([5f, 3, 9], 1, [0, 2, 0]));
        Assert.Equal(2, FullRanking.RankOf([5f, 3, 9], 0, [0, 1]));
    }

    [Fact]
    public void RankOf_NeverRecommended_IsInfinite()
    {
        Assert.Equal(double.PositiveInfinity, FullRanking.RankOf([1f, float.NaN], 1, []));
        Assert.Equal(double.PositiveInfinity, FullRanking.RankOf([1f, float.NegativeInfinity], 1, []));
        Assert.Equal(1, FullRanking.RankOf([1f, float.NaN, float.NegativeInfinity], 0, []));
    }

    [Fact]
    public void RankOf_AnyScores_EqualsThePositionInTheSortedList()
    {
        var scores = Gen.OneOf(Gen.Int[0, 5].Select(i => (float)i), Gen.Const(float.NaN), Gen.Const(float.NegativeInfinity)).Array[1, 30];
        Gen.Select(scores, Gen.Int[0, 29], Gen.Int[0, 29].Array[0, 10]).Sample((all, t, s) =>
        {
            var target = t % all.Length;
            int[] seen = [.. s.Select(item => item % all.Length)];
            var listed = Enumerable.Range(0, all.Length)
                .Where(i => (i == target || !seen.Contains(i)) && !float.IsNaN(all[i]) && !float.IsNegativeInfinity(all[i]))
                .OrderByDescending(i => all[i]).ThenBy(i => i == target).ToList();
            var expected = listed.Contains(target) ? listed.IndexOf(target) + 1 : double.PositiveInfinity;
            return FullRanking.RankOf([.. all], target, seen) == expected;
        });
    }

    [Fact]
    public void Evaluate_ModelThatKnowsTheAnswer_IsPerfectAndOneThatHidesItIsNot()
    {
        var split = LeaveOneOutSplit.Create(Logs.OfSequences(20, [0, 1, 2], [3, 4, 5], [6, 7], [8, 9, 10, 11]));

        var oracle = Measure.Rank(new Fixed((user, scores) => scores[split.Users[user].TestItem] = 1), split);
        var hiding = Measure.Rank(new Fixed((user, scores) => scores[split.Users[user].TestItem] = float.NegativeInfinity), split);
        var tuning = Measure.Rank(
            new Fixed((user, scores) => scores[split.Users[user].ValidationItem] = 1), split, new FullRankingOptions { Validation = true });

        Assert.Equal([0, 1, 3], oracle.Users);
        Assert.Equal([1.0, 1, 1], oracle.Ranks);
        Assert.Equal((1, 1, 1), (oracle.HitRate(10), oracle.Ndcg(10), oracle.Mrr));
        Assert.Equal((0, 0, 0), (hiding.HitRate(500), hiding.Ndcg(10), hiding.Mrr));
        Assert.Equal([1.0, 1, 1], tuning.Ranks);
    }

    [Fact]
    public void ToRow_RanksAroundTheCuts_HasTheHandComputedRates()
    {
        // 2 of 8 within 10, 5 within 50, 7 within 500; the last is not in the list at all.
        double[] ranks = [1, 10, 11, 49, 50, 51, 500, double.PositiveInfinity];

        var row = new FullRankingResult("two-stage", [0, 1, 2, 3, 4, 5, 6, 7], ranks, [1, 0]) { Knows = Knowledge.Cut }.ToRow();

        Assert.Equal((0.25, 0.625, 0.875, 0.5), (row.HitRateAt10, row.HitRateAt50, row.RecallAt500, row.Coverage));
    }

    [Fact]
    public void Evaluate_OneOrManyThreads_GiveTheSame()
    {
        var random = new Random(1);
        var split = LeaveOneOutSplit.Create(Logs.OfSequences(
            100, [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 12).Select(_ => random.Next(100)).ToArray())]));
        var model = new RandomBaseline(5);

        var one = Measure.Rank(model, split, new FullRankingOptions { Threads = 1 });
        var many = Measure.Rank(model, split, new FullRankingOptions { Threads = 4 });

        Assert.Equal(one.Ranks, many.Ranks);
        Assert.Equal(one.TimesRecommended, many.TimesRecommended);
        Assert.Equal(10 * split.Evaluated.Count, one.TimesRecommended.Sum());
    }

    private sealed class Fixed(Action<int, float[]> mark) : IRecommender
    {
        public string Name => "fixed";

        public Knowledge Knows => Knowledge.Cut;

        public void Score(in RankingQuery query, Span<float> scores)
        {
            var own = new float[scores.Length];
            mark(query.User, own);
            own.CopyTo(scores);
        }
    }
}
