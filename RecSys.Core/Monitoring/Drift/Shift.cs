namespace RecSys.Core.Monitoring.Drift;

/// <summary>A stability index and what it says.</summary>
/// <param name="Psi">The index without what two samples of one distribution have on average; 0 where that is more. Null without a
/// reference.</param>
/// <param name="RawPsi">The index as its formula gives it; see <see cref="Models.Reference.StabilityIndex"/>.</param>
/// <param name="Noise">What two samples of one distribution have on average.</param>
/// <param name="Status">By <see cref="Psi"/>.</param>
public sealed record Shift(double? Psi, double? RawPsi, double? Noise, DriftStatus Status);
