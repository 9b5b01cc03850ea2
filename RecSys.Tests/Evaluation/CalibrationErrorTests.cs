using RecSys.Core.Evaluation;

namespace RecSys.Tests.Evaluation;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void EqualWidth_HandComputed_WeighsBinsByRows()
    {
        // Two bins: [0.1, 0.3] with no positive, gap 0.2; [0.5, 0.9, 1.0] with two positives, gap |0.8 - 2/3|.
        var error = CalibrationError.EqualWidth([0.1f, 0.3f, 0.5f, 0.9f, 1f], [false, false, true, true, false], bins: 2);

        Assert.Equal((2 * 0.2 + 3 * (0.8 - 2.0 / 3)) / 5, error, 1e-6);
    }

    [Fact]
    public void EqualCount_HandComputed_SplitsByOrder()
    {
        // Sorted: 0.1- 0.2+ | 0.3- 0.9+.
        var error = CalibrationError.EqualCount([0.9f, 0.2f, 0.1f, 0.3f], [true, true, false, false], bins: 2);

        Assert.Equal((Math.Abs(0.3 - 1) + Math.Abs(1.2 - 1)) / 4, error, 1e-6);
    }

    [Fact]
    public void EqualCount_EqualProbabilities_DoesNotDependOnOrder()
    {
        // Split by position alone, sorted labels would show a gap of one half in each bin.
        var error = CalibrationError.EqualCount([0.5f, 0.5f, 0.5f, 0.5f], [true, true, false, false], bins: 2);

        Assert.Equal(0, error, 1e-9);
    }

    [Fact]
    public void BothForms_CalibratedPredictions_AreNearZeroAndShiftedOnesAreNot()
    {
        var random = new Random(5);
        var p = Enumerable.Range(0, 50_000).Select(_ => random.NextSingle() * 0.8f).ToArray();
        var labels = Array.ConvertAll(p, x => random.NextSingle() < x);
        var shifted = Array.ConvertAll(p, x => x + 0.1f);

        Assert.InRange(CalibrationError.EqualWidth(p, labels), 0, 0.015);
        Assert.InRange(CalibrationError.EqualCount(p, labels), 0, 0.015);
        Assert.InRange(CalibrationError.EqualWidth(shifted, labels), 0.09, 0.11);
        Assert.InRange(CalibrationError.EqualCount(shifted, labels), 0.09, 0.11);
        Assert.Equal(double.NaN, CalibrationError.EqualCount([], []));
    }
}
