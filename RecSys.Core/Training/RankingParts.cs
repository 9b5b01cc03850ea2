using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training;

/// <summary>What orders the catalogue for a user, of a model that was trained just now or of one that serves.</summary>
/// <param name="Towers">Stage 1.</param>
/// <param name="Forest">Stage 2.</param>
/// <param name="Calibrator">Raw score to probability.</param>
/// <param name="RetrievalWeight">How much stage 1 counts beside the probability; see <see cref="Ranking.ListScore"/>.</param>
internal sealed record RankingParts(ITowerView Towers, Forest Forest, ICalibrator Calibrator, double RetrievalWeight);
