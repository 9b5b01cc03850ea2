using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.Calibration;

/// <summary>Input checks that all calibrators share.</summary>
internal static class CalibrationRows
{
    /// <exception cref="ArgumentException">Sizes do not match.</exception>
    /// <exception cref="RecSysException">There is nothing to fit on, or a value is unusable.</exception>
    public static void Check(ReadOnlySpan<double> rawScores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (labels.Length != rawScores.Length)
            throw new ArgumentException($"There are {labels.Length} labels for {rawScores.Length} scores.", nameof(labels));
        if (!weights.IsEmpty && weights.Length != rawScores.Length)
            throw new ArgumentException($"There are {weights.Length} weights for {rawScores.Length} scores.", nameof(weights));
        double positive = 0, negative = 0;
        for (var i = 0; i < rawScores.Length; i++)
        {
            if (!double.IsFinite(rawScores[i]))
                throw new RecSysException($"Row {i} has the score {rawScores[i]}; calibration needs finite scores.");
            if (labels[i] is not (0f or 1f))
                throw new RecSysException($"Row {i} has the label {labels[i]}; calibration needs labels 0 or 1.");
            var weight = weights.IsEmpty ? 1f : weights[i];
            if (!(weight >= 0 && weight <= float.MaxValue))
                throw new RecSysException($"Row {i} has the weight {weight}; weights are finite and not negative.");
            if (labels[i] == 1f) positive += weight;
            else negative += weight;
        }
        if (positive == 0 || negative == 0)
            throw new RecSysException($"Calibration needs positive and negative rows, but "
                + $"{(positive == 0 ? "no row is positive" : "all rows are positive")}; widen the time window.");
    }
}
