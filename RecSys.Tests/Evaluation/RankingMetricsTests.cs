using Microsoft.ML;
using Microsoft.ML.Data;
using RankingMetrics = RecSys.Core.Evaluation.RankingMetrics;

namespace RecSys.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    [Theory]
    [InlineData(1, 1, 1.0, 1.0)]
    [InlineData(3, 1, 0.5, 1.0 / 3)]
    [InlineData(10, 1, 0.2890648263, 0.1)]
    [InlineData(11, 0, 0, 1.0 / 11)]
    [InlineData(double.PositiveInfinity, 0, 0, 0)]
    public void OneRelevantItem_AtRank_GivesHandComputedValues(double rank, double hit, double ndcg, double reciprocal)
    {
        Assert.Equal(hit, RankingMetrics.HitRate(rank, 10));
        Assert.Equal(ndcg, RankingMetrics.Ndcg(rank, 10), 1e-9);
        Assert.Equal(reciprocal, RankingMetrics.ReciprocalRank(rank), 1e-12);
    }

    [Fact]
    public void SeveralRelevantItems_AtRanks1And3_GiveHandComputedValues()
    {
        bool[] list = [true, false, true, false];

        // Three relevant items, one of them not listed.
        Assert.Equal(1, RankingMetrics.HitRate(list, 1));
        Assert.Equal(1.0 / 3, RankingMetrics.Recall(list, 3, 2), 1e-12);
        Assert.Equal(2.0 / 3, RankingMetrics.Recall(list, 3, 500), 1e-12);
        Assert.Equal((1 + 2.0 / 3) / 3, RankingMetrics.AveragePrecision(list, 3), 1e-12);
        Assert.Equal(1.5 / (1 + 1 / Math.Log2(3) + 0.5), RankingMetrics.Ndcg(list, 3, 4), 1e-12);
        Assert.Equal(1 / (1 + 1 / Math.Log2(3)), RankingMetrics.Ndcg(list, 3, 2), 1e-12);
        Assert.Equal(1, RankingMetrics.ReciprocalRank(list));
        Assert.Equal(0.5, RankingMetrics.ReciprocalRank([false, true, true]));
    }

    [Fact]
    public void SeveralRelevantItems_NoneListedOrNoneAtAll_AreZeroOrUndefined()
    {
        bool[] none = [false, false];

        Assert.Equal(0, RankingMetrics.HitRate(none, 2));
        Assert.Equal(0, RankingMetrics.ReciprocalRank(none));
        Assert.Equal(0, RankingMetrics.Ndcg(none, 1, 2));
        Assert.Equal(double.NaN, RankingMetrics.Ndcg(none, 0, 2));
        Assert.Equal(double.NaN, RankingMetrics.Recall(none, 0, 2));
        Assert.Equal(double.NaN, RankingMetrics.AveragePrecision(none, 0));
        Assert.Equal(double.NaN, RankingMetrics.NdcgGraded([0, 0], 2));
    }

    [Fact]
    public void Lists_WithOneRelevantItem_AgreeWithTheRankForms()
    {
        for (var rank = 1; rank <= 20; rank++)
        {
            var list = new bool[20];
            list[rank - 1] = true;

            Assert.Equal(RankingMetrics.HitRate((double)rank, 10), RankingMetrics.HitRate(list, 10));
            Assert.Equal(RankingMetrics.HitRate((double)rank, 10), RankingMetrics.Recall(list, 1, 10));
            Assert.Equal(RankingMetrics.Ndcg(rank, 10), RankingMetrics.Ndcg(list, 1, 10), 1e-12);
            Assert.Equal(RankingMetrics.ReciprocalRank(rank), RankingMetrics.AveragePrecision(list, 1), 1e-12);
        }
    }

    [Fact]
    public void NdcgGraded_HandComputedList_UsesPowerGains()
    {
        // Gains 7, 0, 3 against the ideal 7, 3, 0.
        Assert.Equal((7 + 3 / 2.0) / (7 + 3 / Math.Log2(3)), RankingMetrics.NdcgGraded([3, 0, 2], 3), 1e-12);
        Assert.Equal(1, RankingMetrics.NdcgGraded([3, 0, 2], 1), 1e-12);
    }

    [Fact]
    public void NdcgGraded_RandomGroups_EqualsMicrosoftML()
    {
        var random = new Random(7);
        var rows = new List<Row>();
        var ours = new double[10];
        const int groups = 40;
        for (uint group = 1; group <= groups; group++)
        {
            var grades = Enumerable.Range(0, 12).Select(_ => random.Next(5)).ToArray();
            grades[random.Next(12)] = 4;
            for (var k = 1; k <= 10; k++) ours[k - 1] += RankingMetrics.NdcgGraded(grades, k) / groups;
            rows.AddRange(grades.Select((grade, at) => new Row { Label = grade, Group = group, Score = 100 - at }));
        }
        var ml = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Group)].ColumnType = new KeyDataViewType(typeof(uint), groups);
        var data = ml.Data.LoadFromEnumerable(rows, schema);

        var theirs = ml.Ranking.Evaluate(
            data, new RankingEvaluatorOptions { DcgTruncationLevel = 10, LabelGains = "0,1,3,7,15" }, nameof(Row.Label), nameof(Row.Group),
                nameof(Row.Score));

        for (var k = 0; k < 10; k++) Assert.Equal(theirs.NormalizedDiscountedCumulativeGains[k], ours[k], 1e-6);
    }

    private sealed class Row
    {
        public float Label { get; set; }
        public uint Group { get; set; }
        public float Score { get; set; }
    }
}
