using RecSys.Core.Models.Signing;

namespace RecSys.Core.Models;

/// <summary>What a verification found of one version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Signature">Null where there is no bundle to sign.</param>
/// <param name="Faults">What is wrong; empty when nothing is.</param>
public sealed record ModelFinding(ModelVersion Version, SignatureFinding? Signature, IReadOnlyList<string> Faults);
