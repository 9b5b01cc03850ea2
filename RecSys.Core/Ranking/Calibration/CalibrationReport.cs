namespace RecSys.Core.Ranking.Calibration;

/// <summary>How well predicted probabilities match what happened.</summary>
/// <param name="Bins">Bins of equal row count (they differ by at most one), in order of the prediction.</param>
/// <param name="ExpectedCalibrationError">Mean over rows of the distance between a bin's mean prediction and its rate of positives
/// (ECE).</param>
/// <param name="MeanPrediction">Over all rows.</param>
/// <param name="Rate">Part of all rows that are positive.</param>
public sealed record CalibrationReport(
    IReadOnlyList<ReliabilityBin> Bins, double ExpectedCalibrationError, double MeanPrediction, double Rate)
{
    /// <summary>Sorts the rows by prediction and cuts them into bins; rows of equal prediction may fall into two bins.</summary>
    /// <param name="probabilities">From 0 to 1, at least one.</param>
    /// <param name="labels">0 or 1, as many.</param>
    /// <param name="bins">At least 1; no more bins than rows are made.</param>
    /// <exception cref="ArgumentException">There are no rows, or sizes do not match.</exception>
    public static CalibrationReport Create(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (probabilities.IsEmpty) throw new ArgumentException("A calibration report needs at least one row.", nameof(probabilities));
        if (labels.Length != probabilities.Length)
            throw new ArgumentException($"There are {labels.Length} labels for {probabilities.Length} predictions.", nameof(labels));

        var sorted = probabilities.ToArray();
        var outcomes = labels.ToArray();
        Array.Sort(sorted, outcomes);
        bins = Math.Min(bins, sorted.Length);
        var table = new ReliabilityBin[bins];
        double error = 0, prediction = 0, positives = 0;
        for (var bin = 0; bin < bins; bin++)
        {
            var from = (int)((long)bin * sorted.Length / bins);
            var to = (int)((long)(bin + 1) * sorted.Length / bins);
            double predicted = 0, happened = 0;
            for (var i = from; i < to; i++)
            {
                predicted += sorted[i];
                happened += outcomes[i];
            }
            table[bin] = new ReliabilityBin(to - from, predicted / (to - from), happened / (to - from));
            error += Math.Abs(predicted - happened);
            prediction += predicted;
            positives += happened;
        }
        return new CalibrationReport(table, error / sorted.Length, prediction / sorted.Length, positives / sorted.Length);
    }
}

/// <summary>One line of the reliability table.</summary>
/// <param name="Count">Rows.</param>
/// <param name="MeanPrediction">Mean predicted probability.</param>
/// <param name="Rate">Part of the rows that are positive.</param>
public sealed record ReliabilityBin(int Count, double MeanPrediction, double Rate);
