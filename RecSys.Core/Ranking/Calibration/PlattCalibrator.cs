using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.Calibration;

/// <summary>
/// 1 / (1 + exp(-(<see cref="Slope"/> × score + <see cref="Intercept"/>))), fitted by Newton's method on Platt's smoothed targets
/// (Platt, 1999; Lin, Lin and Weng, 2007). Keeps the order of all scores; right for few rows, where isotonic regression would overfit.
/// </summary>
public sealed class PlattCalibrator : ICalibrator
{
    private const int MaxIterations = 100;

    /// <exception cref="RecSysException">A value is not finite, or the slope is negative.</exception>
    public PlattCalibrator(double slope, double intercept)
    {
        if (!double.IsFinite(slope) || !double.IsFinite(intercept) || slope < 0)
            throw new RecSysException($"The Platt calibration has slope {slope} and intercept {intercept}; both must be finite and the "
                + "slope not negative. Fit it again.");
        Slope = slope;
        Intercept = intercept;
    }

    /// <summary>Not negative; 0 when the scores say nothing, or the opposite of what they should.</summary>
    public double Slope { get; }
    public double Intercept { get; }

    /// <summary>Fits on rows that the ranker was not trained on.</summary>
    /// <param name="rawScores">Finite.</param>
    /// <param name="labels">0 or 1, as many.</param>
    /// <param name="weights">As many, or empty to weigh every row 1.</param>
    /// <exception cref="RecSysException">One class only, or unusable values.</exception>
    public static PlattCalibrator Fit(ReadOnlySpan<double> rawScores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        CalibrationRows.Check(rawScores, labels, weights);
        double positive = 0, negative = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == 1f) positive += weights.IsEmpty ? 1 : weights[i];
            else negative += weights.IsEmpty ? 1 : weights[i];
        }
        var high = (positive + 1) / (positive + 2);
        var low = 1 / (negative + 2);
        double slope = 0, intercept = Math.Log((positive + 1) / (negative + 1));
        var loss = Loss(rawScores, labels, weights, high, low, slope, intercept);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            double gradientSlope = 0, gradientIntercept = 0, h11 = 1e-12, h12 = 0, h22 = 1e-12;
            for (var i = 0; i < rawScores.Length; i++)
            {
                double weight = weights.IsEmpty ? 1 : weights[i];
                var probability = Sigmoid((slope * rawScores[i]) + intercept);
                var error = weight * (probability - (labels[i] == 1f ? high : low));
                var curvature = weight * probability * (1 - probability);
                gradientSlope += error * rawScores[i];
                gradientIntercept += error;
                h11 += curvature * rawScores[i] * rawScores[i];
                h12 += curvature * rawScores[i];
                h22 += curvature;
            }
            var determinant = (h11 * h22) - (h12 * h12);
            if (!(determinant > 0)) break;
            var stepSlope = ((h22 * gradientSlope) - (h12 * gradientIntercept)) / determinant;
            var stepIntercept = ((h11 * gradientIntercept) - (h12 * gradientSlope)) / determinant;

            // Newton's step may overshoot where the curve is flat; halve it until the loss falls.
            var part = 1.0;
            double next;
            while (!((next = Loss(rawScores, labels, weights, high, low, slope - (part * stepSlope),
                intercept - (part * stepIntercept))) < loss) && part > 1e-10) part /= 2;
            if (!(next < loss)) break;
            slope -= part * stepSlope;
            intercept -= part * stepIntercept;
            var gained = loss - next;
            loss = next;
            if (gained < 1e-12 * Math.Abs(loss)) break;
        }
        // A falling curve would turn the ranking around; without information from the scores the rate of positives is the best guess.
        return slope > 0 ? new PlattCalibrator(slope, intercept) : new PlattCalibrator(0, Math.Log((positive + 1) / (negative + 1)));
    }

    public double Calibrate(double rawScore) =>
        Slope == 0 && !double.IsNaN(rawScore) ? Sigmoid(Intercept) : Sigmoid((Slope * rawScore) + Intercept);

    private static double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, double high,
        double low, double slope, double intercept)
    {
        var loss = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var margin = (slope * scores[i]) + intercept;
            var target = labels[i] == 1f ? high : low;
            // log(1 + exp(margin)) - target × margin, written so that exp cannot overflow.
            loss += (weights.IsEmpty ? 1 : weights[i]) * (
                Math.Max(margin, 0) + double.LogP1(Math.Exp(-Math.Abs(margin))) - (target * margin));
        }
        return loss;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
