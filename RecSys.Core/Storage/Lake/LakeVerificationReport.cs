namespace RecSys.Core.Storage.Lake;

/// <summary>What a check of the lake found.</summary>
/// <param name="Days">Days that are in order.</param>
/// <param name="Faults">What is wrong with the others, and what to do; empty when all are in order.</param>
public sealed record LakeVerificationReport(IReadOnlyList<LakeManifest> Days, IReadOnlyList<string> Faults);
