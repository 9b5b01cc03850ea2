using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Nightly.Refitting;

/// <summary>
/// Probabilities of rows that calibrated a model, as if they had not: users are parted in two halves, and each half gets the curve that is
/// fitted on the other.
/// </summary>
internal static class CrossCalibration
{
    /// <param name="shown">Impressions with what came of them.</param>
    /// <param name="scores">Raw scores, one per impression.</param>
    /// <returns>One per impression; null where a half has too few rows of a kind to fit a curve on.</returns>
    public static float[]? Probabilities(ImpressionSet shown, float[] scores)
    {
        var probabilities = new float[scores.Length];
        for (var half = 0; half < 2; half++)
        {
            var fits = Enumerable.Range(0, shown.Count).Where(row => shown.Users[row] % 2 != half).ToArray();
            var clicks = fits.Count(row => shown.Clicked[row]);
            if (clicks < RankerFitting.FewestOfAClass || fits.Length - clicks < RankerFitting.FewestOfAClass) return null;
            var calibrator = RankerFitting.Calibrator(
                Array.ConvertAll(fits, row => (double)scores[row]), Array.ConvertAll(fits, row => shown.Clicked[row] ? 1f : 0f), null);
            for (var row = 0; row < scores.Length; row++)
            {
                if (shown.Users[row] % 2 == half) probabilities[row] = (float)calibrator.Calibrate(scores[row]);
            }
        }
        return probabilities;
    }
}
