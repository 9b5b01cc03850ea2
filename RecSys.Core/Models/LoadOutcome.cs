namespace RecSys.Core.Models;

/// <summary>What became of an attempt to bring a version into memory.</summary>
/// <param name="Refusal">Why it is not there; null when it is.</param>
/// <param name="IsNews">True when the refusal is another than at the last attempt, so that it is worth a line in the log.</param>
public readonly record struct LoadOutcome(ModelRefusal? Refusal, bool IsNews);
