namespace RecSys.Core.Ranking;

/// <summary>
/// What a list is ordered by: the ranker's probability, its log-odds raised or lowered by how much nearer to the user the item is than the mean candidate.
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
        var mean = MeanOf(retrieval);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var shift = float.IsFinite(retrieval[i]) ? weight * (retrieval[i] - mean) : 0;
            scores[i] = 1 / (1 + Math.Exp(-LogOdds(probabilities[i]) - shift));
        }
    }

    private static double LogOdds(double probability)
    {
        var p = Math.Clamp(probability, Margin, 1 - Margin);
        return Math.Log(p / (1 - p));
    }

    private static double MeanOf(ReadOnlySpan<float> retrieval)
    {
        double sum = 0;
        var count = 0;
        foreach (var score in retrieval)
        {
            if (!float.IsFinite(score)) continue;
            sum += score;
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }
}
