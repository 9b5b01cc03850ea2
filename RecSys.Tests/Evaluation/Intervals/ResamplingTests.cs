using CsCheck;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Tests.Evaluation.Intervals;

public sealed class ResamplingTests
{
    private static readonly Gen<(float[] Scores, bool[] Labels, int[] Units, int[] Times)> Rows =
        Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 4]).Array[2, 40].Select(Gen.Int[0, 3].Array[5], (rows, times) =>
            (rows.Select(row => (float)row.Item1).ToArray(), rows.Select(row => row.Item2).ToArray(),
                rows.Select(row => row.Item3).ToArray(), times));

    [Fact]
    public void AucFigure_UnitsThatCountSeveralTimes_EqualsTheAucOfRepeatedRows() => Rows.Sample(rows =>
    {
        var repeated = Enumerable.Range(0, rows.Scores.Length)
            .SelectMany(row => Enumerable.Repeat(row, rows.Times[rows.Units[row]])).ToArray();
        var expected = PointwiseMetrics.Auc([.. repeated.Select(row => rows.Scores[row])], [.. repeated.Select(row => rows.Labels[row])]);

        var actual = new AucFigure(rows.Scores, rows.Labels, rows.Units).Of([.. rows.Times.Select(times => (double)times)]);

        Assert.Equal(expected, actual, 1e-12);
    });

    [Fact]
    public void MeanFigure_UnitsThatCountSeveralTimes_EqualsTheMeanOfRepeatedTerms() => Rows.Sample(rows =>
    {
        var repeated = Enumerable.Range(0, rows.Scores.Length)
            .SelectMany(row => Enumerable.Repeat(row, rows.Times[rows.Units[row]])).ToArray();
        var expected = repeated.Length == 0 ? double.NaN : repeated.Average(row => (double)rows.Scores[row]);

        var actual = new MeanFigure(5, rows.Units.Select((unit, row) => (unit, (double)rows.Scores[row], 1.0)).Append((2, double.NaN, 1)))
            .Of([.. rows.Times.Select(times => (double)times)]);

        Assert.Equal(expected, actual, 1e-12);
    });

    [Fact]
    public void Run_MeanOfUsers_HasTheIntervalOfTheNormalApproximation()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.Next(3) == 0 ? 1.0 : 0)];
        var mean = values.Average();
        var half = 1.96 * Math.Sqrt(mean * (1 - mean) / values.Length);

        var interval = Run(400, Mean(values)).Of(0)!.Value;

        Assert.InRange(interval.Low, mean - half * 1.15, mean - half * 0.85);
        Assert.InRange(interval.High, mean + half * 0.85, mean + half * 1.15);
        Assert.Equal(interval, Run(400, Mean(values)).Of(0)!.Value);
    }

    [Fact]
    public void OfDifference_ModelsThatDifferByTheSameEverywhere_HasNoWidth()
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        var resampled = Run(200, Mean(values), Mean([.. values.Select(value => value + 0.25)]));

        var difference = resampled.OfDifference(1, 0)!.Value;

        Assert.Equal(0.25, difference.Low, 1e-12);
        Assert.Equal(0.25, difference.High, 1e-12);
        Assert.True(resampled.Of(0)!.Value.Half > 0.01);
    }

    [Fact]
    public void OfDifference_WithATailOfItsOwn_LeavesOutSoManyAtEitherEnd()
    {
        var resampled = Run(6, Mean([1, 2, 4, 8, 16, 32]), Mean([3, 1, 4, 1, 5, 9]));

        var wide = resampled.OfDifference(0, 1, tail: 0.005)!.Value;

        // Of 1,000 in order, 999 * 0.005 = 4.995 lie below the lower end.
        var sorted = resampled.Values(0).Zip(resampled.Values(1), (one, other) => one - other).Order().ToArray();
        Assert.Equal(sorted[4] + 0.995 * (sorted[5] - sorted[4]), wide.Low, 1e-9);
        Assert.Equal(sorted[994] + 0.005 * (sorted[995] - sorted[994]), wide.High, 1e-9);
        Assert.True(wide.High - wide.Low > 2 * resampled.OfDifference(0, 1)!.Value.Half);
    }

    [Fact]
    public void Of_NothingWithAValue_IsNull() => Assert.Null(Run(3, Mean([double.NaN, double.NaN, double.NaN])).Of(0));

    private static MeanFigure Mean(double[] values) => new(values.Length, values.Select((value, unit) => (unit, value, 1.0)));

    private static Resampling Run(int units, params IFigure[] figures) =>
        Resampling.Run(figures, units, 7, TestContext.Current.CancellationToken);
}
