namespace RecSys.Core.Evaluation.OffPolicy;

/// <summary>What one policy served in one scenario.</summary>
/// <param name="Scenario">Named placement; empty for the default one.</param>
/// <param name="Policy">Variant of the served records.</param>
/// <param name="Decisions">Oldest first.</param>
public sealed record PolicyLog(string Scenario, string Policy, IReadOnlyList<PlacedDecision> Decisions);
