namespace RecSys.Core.Ranking;

/// <summary>
/// What a list is ordered by: the ranker's probability, its log-odds lowered by how much farther from the user the item is than the nearest
/// candidate.
/// The ranker knows what is taken once it is shown; retrieval knows what the user is likely to turn to at all.
/// </summary>
public static class ListScore
{
    // Keeps the log-odds of a certain probability finite.
    private const double Margin = 1e-12;

    /// <param name="weight">Log-odds per unit of retrieval score, from validation; 0 leaves the probabilities as they are.</param>
    /// <param name="probabilities">Of the ranker, calibrated; NaN stays NaN.</param>
    /// <param name="retrieval">Retrieval scores, as many; NaN, where there is none, counts as the mean of the others.</param>
    /// <param name="scores">Gets as many scores between 0 and 1.</param>
    public static void Fill(double weight, ReadOnlySpan<double> probabilities, ReadOnlySpan<float> retrieval, Span<double> scores)
    {
        if (weight == 0)
        {
            probabilities.CopyTo(scores);
            return;
        }
        var (mean, highest) = Summarise(retrieval);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var distance = highest - (float.IsFinite(retrieval[i]) ? retrieval[i] : mean);
            scores[i] = 1 / (1 + Math.Exp(weight * distance - LogOdds(probabilities[i])));
        }
    }

    private static double LogOdds(double probability)
    {
        var p = Math.Clamp(probability, Margin, 1 - Margin);
        return Math.Log(p / (1 - p));
    }

    private static (double Mean, double Highest) Summarise(ReadOnlySpan<float> retrieval)
    {
        var (sum, highest) = (0.0, double.NegativeInfinity);
        var count = 0;
        foreach (var score in retrieval)
        {
            if (!float.IsFinite(score)) continue;
            sum += score;
            highest = Math.Max(highest, score);
            count++;
        }
        return count == 0 ? (0, 0) : (sum / count, highest);
    }
}
