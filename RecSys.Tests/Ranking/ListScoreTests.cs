using CsCheck;
using RecSys.Core.Ranking;

namespace RecSys.Tests.Ranking;

public sealed class ListScoreTests
{
    [Fact]
    public void Fill_WeightZero_LeavesTheProbabilities()
    {
        double[] probabilities = [0.1, double.NaN, 1];
        var scores = new double[3];

        ListScore.Fill(0, probabilities, [0.5f, 0.1f, float.NaN], scores);

        Assert.Equal(probabilities, scores);
    }

    [Fact]
    public void Fill_HandComputedList_LowersLogOddsByTheDistanceFromTheNearest()
    {
        var scores = new double[3];

        // The nearest keeps its probability; the second is 0.4 behind; the item without a score counts as the mean, 0.2 behind.
        ListScore.Fill(10, [0.5, 0.5, 0.5], [0.6f, 0.2f, float.NaN], scores);

        Assert.Equal(0.5, scores[0], 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(4)), scores[1], 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(2)), scores[2], 1e-6);
    }

    [Fact]
    public void Fill_AnyList_StaysAProbabilityInTheOrderOfTheSummedLogOdds() =>
        Gen.Select(Gen.Double[1e-6, 1 - 1e-6], Gen.Float[-1, 1]).Array[2, 20].Sample(list =>
        {
            var probabilities = list.Select(row => row.Item1).ToArray();
            var retrieval = list.Select(row => row.Item2).ToArray();
            var scores = new double[list.Length];

            ListScore.Fill(8, probabilities, retrieval, scores);

            for (var i = 1; i < list.Length; i++)
            {
                var expected = Sum(i) - Sum(i - 1);
                if (Math.Abs(expected) > 1e-4) Assert.Equal(Math.Sign(expected), Math.Sign(scores[i] - scores[i - 1]));
            }
            Assert.All(scores, score => Assert.InRange(score, 0, 1));

            double Sum(int i) => Math.Log(probabilities[i] / (1 - probabilities[i])) + 8 * retrieval[i];
        });

    [Fact]
    public void Fill_NaNProbability_StaysNaN()
    {
        var scores = new double[2];

        ListScore.Fill(5, [double.NaN, 0.5], [0.5f, 0.5f], scores);

        Assert.True(double.IsNaN(scores[0]));
        Assert.Equal(0.5, scores[1], 1e-12);
    }

    [Fact]
    public void Fill_NobodyHasARetrievalScore_LeavesTheProbabilities()
    {
        var scores = new double[2];

        ListScore.Fill(5, [0.3, 0.7], [float.NaN, float.NaN], scores);

        Assert.Equal(0.3, scores[0], 1e-12);
        Assert.Equal(0.7, scores[1], 1e-12);
    }
}
