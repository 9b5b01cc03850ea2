namespace RecSys.Core.Ranking.LightGbm;

/// <summary>A trained ranker.</summary>
/// <param name="ModelText">LightGBM's standard text format, cut to <paramref name="BestIteration"/> trees.</param>
/// <param name="BestIteration">Number of trees with the best validation metric, or where all were to be kept of all trees.</param>
/// <param name="BestValue">The metric there.</param>
/// <param name="History">The metric after every tree.</param>
/// <param name="GainImportances">Total gain of all splits on a feature, by feature name, zeros included.</param>
public sealed record LightGbmTraining(
    string ModelText,
    int BestIteration,
    double BestValue,
    IReadOnlyList<LightGbmProgress> History,
    IReadOnlyDictionary<string, double> GainImportances);
