namespace RecSys.Api.Contracts;

/// <summary>A stage.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Part">What its time counts as in the latency windows.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
/// <param name="Before">Candidates that it found.</param>
/// <param name="After">Candidates that it left.</param>
/// <param name="Removed">Why it took out how many; null for one that took out none.</param>
public sealed record TracedStage(
    string Stage, string Part, double Ms, int Before, int After, IReadOnlyDictionary<string, int>? Removed);
