using RecSys.Core.Domain;

namespace RecSys.Core.Pipeline;

/// <summary>One item on its way through the pipeline.</summary>
public struct Candidate
{
    internal Candidate(int item, CandidateSources source, float retrievalScore, int retrievalRank)
    {
        Item = item;
        Sources = source;
        RetrievalScore = retrievalScore;
        RetrievalRank = retrievalRank;
        Score = retrievalScore;
        MatrixRow = -1;
        RankScore = double.NaN;
        Probability = double.NaN;
        Propensity = 1;
    }

    /// <summary>Number in the catalogue.</summary>
    public int Item { get; }

    /// <summary>Every source that proposed the item.</summary>
    public CandidateSources Sources { get; internal set; }

    /// <summary>Inner product of user and item embedding; NaN when no embedding was involved.</summary>
    public float RetrievalScore { get; internal set; }

    /// <summary>
    /// Zero-based rank by <see cref="RetrievalScore"/> among what the user has not met; 10,000 for an item of another source, -1 when there
    /// is no score.
    /// </summary>
    public int RetrievalRank { get; internal set; }

    /// <summary>
    /// Row of the candidate in <see cref="RecommendationContext.Matrix"/>, whatever happened to the order since; -1 before the feature
    /// stage.
    /// </summary>
    public int MatrixRow { get; internal set; }

    /// <summary>What the list is ordered by. Starts as the retrieval score; NaN sinks to the end.</summary>
    public double Score { get; set; }

    /// <summary>Calibrated click probability before rules changed the score; NaN when not ranked.</summary>
    public double Probability { get; internal set; }

    /// <summary>The score as the ranker gave it, before the rules; NaN when not ranked.</summary>
    public double RankScore { get; internal set; }

    /// <summary>How the item came to its place.</summary>
    public SlotKind Slot { get; internal set; }

    /// <summary>Probability with which the policy shows the item at this place, given the places before; 1 without a draw.</summary>
    public double Propensity { get; internal set; }
}
