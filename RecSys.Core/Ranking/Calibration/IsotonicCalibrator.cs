using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.Calibration;

/// <summary>
/// Isotonic regression by pooling adjacent violators (Ayer et al., 1955): the non-decreasing step function closest to the labels.
/// Between the centres of its blocks it is interpolated linearly. Below the first centre and above the last it is all but constant: it
/// moves on by at most <see cref="TailPart"/> of the way to 0 or 1, so that the best candidates do not all tie.
/// </summary>
public sealed class IsotonicCalibrator : ICalibrator
{
    /// <summary>Fitted probabilities stay this far from 0 and 1, so that the log loss of a surprise is finite.</summary>
    public const double Margin = 1e-6;

    /// <summary>How far the tails move on towards 0 and 1.</summary>
    public const double TailPart = 1e-3;

    private readonly double[] scores;
    private readonly double[] probabilities;

    /// <summary>Points of the curve; both lists have the same length, at least 1.</summary>
    /// <exception cref="RecSysException">Scores do not rise strictly, or probabilities fall or leave 0 to 1.</exception>
    public IsotonicCalibrator(IReadOnlyList<double> scores, IReadOnlyList<double> probabilities)
    {
        if (scores.Count == 0 || scores.Count != probabilities.Count)
            throw new RecSysException($"The isotonic calibration has {scores.Count} scores and {probabilities.Count} probabilities; it "
                + "needs as many of both, at least one. Fit it again.");
        for (var i = 0; i < scores.Count; i++)
        {
            if (!double.IsFinite(scores[i]) || (i > 0 && scores[i] <= scores[i - 1]))
                throw new RecSysException($"The isotonic calibration's score {i} is not finite or not above the one before it. Fit it "
                    + "again.");
            if (!(probabilities[i] is >= 0 and <= 1) || (i > 0 && probabilities[i] < probabilities[i - 1]))
                throw new RecSysException($"The isotonic calibration's probability {i} falls or is outside 0 to 1. Fit it again.");
        }
        this.scores = [.. scores];
        this.probabilities = [.. probabilities];
    }

    /// <summary>Centres of the blocks, strictly rising.</summary>
    public IReadOnlyList<double> Scores => scores;

    /// <summary>Rate of positives of each block, not falling.</summary>
    public IReadOnlyList<double> Probabilities => probabilities;

    /// <summary>Fits on rows that the ranker was not trained on.</summary>
    /// <param name="rawScores">Finite.</param>
    /// <param name="labels">0 or 1, as many.</param>
    /// <param name="weights">As many, or empty to weigh every row 1; rows of weight 0 are left out.</param>
    /// <exception cref="RecSysException">One class only, or unusable values.</exception>
    public static IsotonicCalibrator Fit(ReadOnlySpan<double> rawScores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        CalibrationRows.Check(rawScores, labels, weights);
        var keys = rawScores.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);

        var blocks = new List<Block>();
        for (var i = 0; i < order.Length;)
        {
            // Equal scores cannot be told apart, so they start as one block.
            var block = default(Block);
            var score = keys[i];
            for (; i < order.Length && keys[i] == score; i++)
            {
                double weight = weights.IsEmpty ? 1 : weights[order[i]];
                block = block.With(new Block(weight, weight * labels[order[i]], weight * score));
            }
            if (block.Weight == 0) continue;
            while (blocks.Count > 0 && blocks[^1].Rate >= block.Rate)
            {
                block = blocks[^1].With(block);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }

        // Centres of blocks far from zero can fall together by rounding; the later one is then left out.
        var points = new List<Block>();
        foreach (var block in blocks)
        {
            if (points.Count == 0 || block.Centre > points[^1].Centre) points.Add(block);
        }
        return new IsotonicCalibrator(
            [.. points.Select(block => block.Centre)], [.. points.Select(block => Math.Clamp(block.Rate, Margin, 1 - Margin))]);
    }

    public double Calibrate(double rawScore)
    {
        if (double.IsNaN(rawScore)) return double.NaN;
        if (rawScore <= scores[0]) return probabilities[0] * (1 - Tail(scores[0] - rawScore));
        if (rawScore >= scores[^1]) return probabilities[^1] + ((1 - probabilities[^1]) * Tail(rawScore - scores[^1]));
        var at = Array.BinarySearch(scores, rawScore);
        if (at >= 0) return probabilities[at];
        int above = ~at, below = above - 1;
        var part = (rawScore - scores[below]) / (scores[above] - scores[below]);
        return Math.Clamp(probabilities[below] + (part * (probabilities[above] - probabilities[below])), probabilities[below],
            probabilities[above]);
    }

    // Rises strictly with the distance, towards TailPart.
    private static double Tail(double distance) => TailPart * (distance < 1e9 ? distance / (1 + distance) : 1);

    private readonly record struct Block(double Weight, double Positives, double ScoreSum)
    {
        public double Rate => Math.Min(1, Positives / Weight);
        public double Centre => ScoreSum / Weight;

        public Block With(Block other) => new(Weight + other.Weight, Positives + other.Positives, ScoreSum + other.ScoreSum);
    }
}
