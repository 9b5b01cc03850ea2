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

/// <summary>A candidate that is not in the list because a filter took it out.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Stage">Who took it out.</param>
/// <param name="Reason">Why, such as <c>already_consumed</c>.</param>
public sealed record TracedRemoval(string ItemId, string Title, string Stage, string Reason);
