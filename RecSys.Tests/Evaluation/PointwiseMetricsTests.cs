using CsCheck;
using Microsoft.ML;
using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class PointwiseMetricsTests
{
    [Fact]
    public void Auc_HandComputedWithTie_CountsTheTieHalf()
    {
        // Positives 0.8 and 0.4, negatives 0.4 and 0.1: pairs 1, 1, 0.5, 1.
        Assert.Equal(3.5 / 4, PointwiseMetrics.Auc([0.1f, 0.4f, 0.4f, 0.8f], [false, false, true, true]), 1e-12);
        Assert.Equal(0.5, PointwiseMetrics.Auc([1, 1, 1], [true, false, true]), 1e-12);
    }

    [Fact]
    public void Auc_OneClassOrNaN_IsUndefinedOrRefused()
    {
        Assert.Equal(double.NaN, PointwiseMetrics.Auc([1, 2], [true, true]));
        Assert.Equal(double.NaN, PointwiseMetrics.Auc([], []));
        Assert.Throws<ArgumentException>(() => PointwiseMetrics.Auc([1, float.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => PointwiseMetrics.Auc([1, 2], [true]));
    }

    [Fact]
    public void Auc_AnyScoresAndWeights_EqualsCountingPairs()
    {
        var row = Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 4]);
        row.Array[1, 40].Sample(rows =>
        {
            double wins = 0, pairs = 0;
            foreach (var (positive, p, positiveWeight) in rows)
            {
                foreach (var (negative, n, negativeWeight) in rows)
                {
                    if (!p || n) continue;
                    double weight = positiveWeight * negativeWeight;
                    pairs += weight;
                    wins += weight * (positive > negative ? 1 : positive == negative ? 0.5 : 0);
                }
            }
            var auc = PointwiseMetrics.Auc(
                [.. rows.Select(r => (float)r.Item1)], [.. rows.Select(r => r.Item2)], [.. rows.Select(r => (float)r.Item3)]);
            return pairs == 0 ? double.IsNaN(auc) : Math.Abs(auc - wins / pairs) < 1e-9;
        });
    }

    [Fact]
    public void AucAndLogLoss_RandomPredictions_EqualMicrosoftML()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 2000).Select(_ =>
        {
            var p = MathF.Round(random.NextSingle(), 2) * 0.98f + 0.01f;
            return new Prediction { Label = random.NextSingle() < p, Score = p, Probability = p, PredictedLabel = p > 0.5f };
        }).ToArray();
        var ml = new MLContext(1);

        var theirs = ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(rows));

        float[] scores = [.. rows.Select(r => r.Probability)];
        bool[] labels = [.. rows.Select(r => r.Label)];
        Assert.Equal(theirs.AreaUnderRocCurve, PointwiseMetrics.Auc(scores, labels), 1e-6);
        // Microsoft.ML measures in bits.
        Assert.Equal(theirs.LogLoss * Math.Log(2), PointwiseMetrics.LogLoss(scores, labels), 1e-6);
    }

    [Fact]
    public void LogLoss_HandComputed_IsInNatsAndClipped()
    {
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.75)) / 2, PointwiseMetrics.LogLoss([0.8f, 0.25f], [true, false]), 1e-7);
        Assert.Equal(-(3 * Math.Log(0.8) + Math.Log(0.75)) / 4, PointwiseMetrics.LogLoss([0.8f, 0.25f], [true, false], [3, 1]), 1e-7);
        Assert.Equal(-Math.Log(1e-7), PointwiseMetrics.LogLoss([0], [true]), 1e-6);
    }

    [Fact]
    public void Gauc_HandComputed_WeighsByImpressionsAndSkipsOneClass()
    {
        // Group 1: 2 rows, AUC 1. Group 2: 4 rows, AUC 0.5. Group 3: positives only.
        float[] scores = [0.9f, 0.1f, 0.5f, 0.6f, 0.2f, 0.4f, 0.7f];
        bool[] labels = [true, false, false, false, true, true, true];
        int[] groups = [1, 2, 1, 2, 2, 2, 3];
        // Group 2: positives 0.2 and 0.4 against negatives 0.1 and 0.6: two of four pairs.
        Assert.Equal((1.0 * 2 + 0.5 * 4) / 6, PointwiseMetrics.Gauc(scores, labels, groups), 1e-12);
        Assert.Equal([1, 2], PointwiseMetrics.AucByGroup(scores, labels, groups).Select(group => group.Group));
        Assert.Equal(double.NaN, PointwiseMetrics.Gauc([1, 2], [true, true], [1, 2]));
    }

    private sealed class Prediction
    {
        public bool Label { get; set; }
        public float Score { get; set; }
        public float Probability { get; set; }
        public bool PredictedLabel { get; set; }
    }
}
