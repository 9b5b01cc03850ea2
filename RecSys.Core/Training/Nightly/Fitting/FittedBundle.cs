using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>A bundle that was fitted and written into the run's folder.</summary>
/// <param name="Files">Its files by their paths within the run's folder.</param>
/// <param name="Chosen">What the ranker was fitted with.</param>
internal sealed record FittedBundle(IReadOnlyList<string> Files, ChosenFile Chosen)
{
    /// <summary>Rows that the forest learnt from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Rows that stopped and calibrated it, or calibrated it alone.</summary>
    public required int HeldRows { get; init; }

    /// <summary>AUC on those.</summary>
    public required double HeldAuc { get; init; }

    /// <summary>Rows of the reference of drift.</summary>
    public required int ReferenceRows { get; init; }

    /// <summary>
    /// What the forest gives the held rows by the features that training made, asked without a position as serving asks: raw scores by
    /// index of the event in the log. Empty where rows are of no events, and where validation chose: only a refit is held to them.
    /// </summary>
    public required IReadOnlyDictionary<int, double> HeldScores { get; init; }
}
