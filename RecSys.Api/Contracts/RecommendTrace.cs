namespace RecSys.Api.Contracts;

/// <summary>How a list came about, with <c>include=trace</c>; of a run that leaves nothing behind.</summary>
/// <param name="Position">Position of the log that the run saw.</param>
/// <param name="PolicyHash">The policy that the list was made by.</param>
/// <param name="Stages">Every stage that ran, in order.</param>
/// <param name="Items">In the order of the list.</param>
/// <param name="RemovedTotal">Candidates that filters took out.</param>
/// <param name="Removed">Of them the first 200.</param>
public sealed record RecommendTrace(
    long Position, string PolicyHash, IReadOnlyList<TracedStage> Stages, IReadOnlyList<TracedItem> Items, int RemovedTotal,
    IReadOnlyList<TracedRemoval> Removed);

/// <summary>A stage.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Part">What its time counts as in the latency windows.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
/// <param name="Before">Candidates that it found.</param>
/// <param name="After">Candidates that it left.</param>
/// <param name="Removed">Why it took out how many; null for one that took out none.</param>
public sealed record TracedStage(
    string Stage, string Part, double Ms, int Before, int After, IReadOnlyDictionary<string, int>? Removed);

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

/// <summary>A candidate that is not in the list because a filter took it out.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Stage">Who took it out.</param>
/// <param name="Reason">Why, such as <c>already_consumed</c>.</param>
public sealed record TracedRemoval(string ItemId, string Title, string Stage, string Reason);
