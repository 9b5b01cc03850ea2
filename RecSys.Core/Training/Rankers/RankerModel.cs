using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Core.Training.Rankers;

/// <summary>A trained ranker: the forest, its text for the bundle, the calibrator, and what validation said.</summary>
/// <param name="Options">The settings it was trained with.</param>
/// <param name="Training">LightGBM's result.</param>
/// <param name="Forest">The parsed model text.</param>
/// <param name="Calibrator">Fitted on the validation rows.</param>
/// <param name="Metrics">Figures on the validation rows, by name.</param>
internal sealed record RankerModel(
    LightGbmOptions Options, LightGbmTraining Training, Forest Forest, ICalibrator Calibrator, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>How much retrieval counts beside the probability in a list; see <see cref="ListScore"/>.</summary>
    public double RetrievalWeight { get; init; }
}
