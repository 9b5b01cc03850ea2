namespace RecSys.Core.Ranking.Calibration;

/// <summary>Isotonic regression.</summary>
public sealed class IsotonicCalibrator : ICalibrator
{
    /// <summary>Fits on held-out rows.</summary>
    public static IsotonicCalibrator Fit(ReadOnlySpan<double> rawScores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default) => throw new NotImplementedException();

    public double Calibrate(double rawScore) => throw new NotImplementedException();
}
