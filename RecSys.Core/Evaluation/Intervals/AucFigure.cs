namespace RecSys.Core.Evaluation.Intervals;

/// <summary>Area under the ROC curve over all rows, each with the weight of its unit; see <see cref="PointwiseMetrics.Auc"/>.</summary>
internal sealed class AucFigure : IFigure
{
    // By score, so that a resample needs no sort.
    private readonly float[] scores;
    private readonly bool[] labels;
    private readonly int[] units;

    /// <param name="scores">Any real numbers but NaN, one per row.</param>
    /// <param name="labels">True for positives.</param>
    /// <param name="units">Unit of each row.</param>
    public AucFigure(float[] scores, bool[] labels, int[] units)
    {
        this.scores = [.. scores];
        var order = PointwiseMetrics.Ascending(scores.Length);
        Array.Sort(this.scores, order);
        this.labels = Array.ConvertAll(order, row => labels[row]);
        this.units = Array.ConvertAll(order, row => units[row]);
    }

    public double Of(ReadOnlySpan<double> weights)
    {
        double positives = 0, negatives = 0, below = 0;
        for (var i = 0; i < scores.Length;)
        {
            double tiedPositives = 0, tiedNegatives = 0;
            for (var key = scores[i]; i < scores.Length && scores[i] == key; i++)
            {
                if (labels[i]) tiedPositives += weights[units[i]];
                else tiedNegatives += weights[units[i]];
            }
            below += tiedPositives * (negatives + tiedNegatives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return positives == 0 || negatives == 0 ? double.NaN : below / (positives * negatives);
    }
}
