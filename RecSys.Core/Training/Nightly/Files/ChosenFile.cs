using RecSys.Core.Evaluation;
using RecSys.Core.Ranking.LightGbm;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What validation chose for the ranker of the challenger, <c>chosen.json</c>; a refit keeps it.</summary>
/// <param name="Settings">Of the forest, tuned ones where the options give time for that.</param>
/// <param name="Trees">Trees up to the best value.</param>
/// <param name="RetrievalWeight">How much retrieval counts beside the ranker.</param>
/// <param name="Position">Whether the position is a feature; null where the log has no impressions.</param>
internal sealed record ChosenFile(LightGbmOptions Settings, int Trees, double RetrievalWeight, PositionFinding? Position);
