namespace RecSys.Core.Models;

/// <summary>One arm of a <see cref="TrafficSplit"/>.</summary>
/// <param name="Variant">Unique within the split, a name by <see cref="BundleName.Rule"/>.</param>
/// <param name="ModelVersion">The bundle that serves it; several arms may have the same one and differ in policy.</param>
/// <param name="PolicyHash">The policy that serves it.</param>
/// <param name="Share">Subjects that get it, of 10,000.</param>
public sealed record TrafficArm(string Variant, string ModelVersion, string PolicyHash, int Share);
