namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>POST /rank</c>: every id that was sent stands in one of the two lists, as often as it was sent.</summary>
/// <param name="UserId">The user asked for.</param>
/// <param name="Items">Best first.</param>
/// <param name="NotRanked">Those that have no place, in the order in which they were sent.</param>
/// <param name="LatencyMs">Time from arrival to the finished list, milliseconds.</param>
/// <param name="ModelVersion">Version of the bundle that ordered the list.</param>
/// <param name="RequestId">Quote it in events on places that were asked for with <c>shown</c>.</param>
/// <param name="Experiment">The experiment arm that the user is in.</param>
/// <param name="Degraded">What failed or ran out of time; <c>retrieval_score</c> says that the ranker took no part, <c>given_order</c> that
/// the order is the one that was sent.</param>
/// <param name="Personalised">False when the order would be the same for others of the same profile and context.</param>
/// <param name="NotPersonalBecause">Why it is not; null when it is.</param>
public sealed record RankResponse(
    string UserId,
    IReadOnlyList<RankedItem> Items,
    IReadOnlyList<NotRankedItem> NotRanked,
    double LatencyMs,
    string ModelVersion,
    string RequestId,
    ExperimentArm Experiment,
    IReadOnlyList<string> Degraded,
    bool Personalised,
    string? NotPersonalBecause);

/// <summary>One place of the order.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Score">What the list is ordered by, as in a list of recommendations.</param>
/// <param name="Rank">From 1.</param>
public sealed record RankedItem(string ItemId, double Score, int Rank);

/// <summary>An id without a place.</summary>
/// <param name="ItemId">As it was sent.</param>
/// <param name="Reason"><c>unknown</c>, <c>repeated</c>, or why the item may not be shown: <c>unavailable</c>, <c>unsafe</c>.</param>
public sealed record NotRankedItem(string ItemId, string Reason);
