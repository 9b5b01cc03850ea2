namespace RecSys.Core.Pipeline;

/// <summary>A candidate that a stage took out.</summary>
/// <param name="Item">Number in the catalogue.</param>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Reason">Short constant text, such as <c>already_consumed</c>.</param>
public readonly record struct RemovedCandidate(int Item, string Stage, string Reason);
