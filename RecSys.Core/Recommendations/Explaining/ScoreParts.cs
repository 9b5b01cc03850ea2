namespace RecSys.Core.Recommendations.Explaining;

/// <summary>What the ranker's score of an item is made of.</summary>
/// <param name="Recorded">True: from the features as they were served; false: as they were computed for the explanation.</param>
/// <param name="Raw">Raw score of the forest, log-odds.</param>
/// <param name="Base">What the forest says when no feature is known; with all contributions it adds up to <paramref name="Raw"/>.</param>
/// <param name="Probability">Click probability: the raw score, calibrated.</param>
/// <param name="RankScore">What the ranker gave for the order, before the rules; differs where retrieval counts beside it. Null where the
/// list that was made again lacks the item.</param>
/// <param name="Contributions">The features that weighed anything, heaviest first; null where the model says nothing of them.</param>
public sealed record ScoreParts(
    bool Recorded, double Raw, double Base, double Probability, double? RankScore, IReadOnlyList<FeatureShare>? Contributions);

/// <summary>What one feature contributed.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Its value; NaN where it is missing.</param>
/// <param name="Contribution">What it added to the raw score, log-odds.</param>
public sealed record FeatureShare(string Feature, float Value, double Contribution);
