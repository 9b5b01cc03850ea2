namespace RecSys.Core.Ranking.Calibration;

/// <summary>How well predicted probabilities match what happened.</summary>
/// <param name="Bins">Bins of equal row count, in order of the prediction.</param>
/// <param name="ExpectedCalibrationError">Mean over rows of the distance between a bin's mean prediction and its rate of positives.</param>
public sealed record CalibrationReport(IReadOnlyList<ReliabilityBin> Bins, double ExpectedCalibrationError)
{
    public static CalibrationReport Create(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, int bins = 10) => throw new NotImplementedException();
}

/// <summary>One line of the reliability table.</summary>
/// <param name="Count">Rows.</param>
/// <param name="MeanPrediction">Mean predicted probability.</param>
/// <param name="Rate">Part of the rows that are positive.</param>
public sealed record ReliabilityBin(int Count, double MeanPrediction, double Rate);
