namespace RecSys.Api.Contracts;

/// <summary>What an item of the list is there for.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Category">Its primary category.</param>
/// <param name="Creator">Its author, brand or studio.</param>
/// <param name="Sources">Who proposed it.</param>
/// <param name="RetrievalScore">Inner product of user and item embedding; null when no embedding was involved.</param>
/// <param name="RetrievalRank">From 1, by that score, among what the user has not met; null where there is none.</param>
/// <param name="ClickProbability">Calibrated, before the rules; null when it was not ranked.</param>
/// <param name="RankScore">As the ranker gave it, before the rules; null when it was not ranked.</param>
/// <param name="Score">What the list is ordered by, after the rules.</param>
/// <param name="Slot">How it came to its place: <c>ranked</c>, <c>explored</c> or <c>pinned</c>.</param>
/// <param name="Propensity">Probability with which the policy shows it there.</param>
public sealed record TracedItem(
    string ItemId, string Category, string? Creator, IReadOnlyList<string> Sources, double? RetrievalScore, int? RetrievalRank,
    double? ClickProbability, double? RankScore, double Score, string Slot, double Propensity);
