namespace RecSys.Core.Ranking.Calibration;

/// <summary>A logistic curve over the raw score.</summary>
public sealed class PlattCalibrator : ICalibrator
{
    /// <summary>Fits on held-out rows.</summary>
    public static PlattCalibrator Fit(ReadOnlySpan<double> rawScores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default) => throw new NotImplementedException();

    public double Calibrate(double rawScore) => throw new NotImplementedException();
}
