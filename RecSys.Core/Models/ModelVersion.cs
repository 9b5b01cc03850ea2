using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>One entry of the registry: what the store knows of a version, and what its folder holds.</summary>
/// <param name="Version">Name of the version and of its folder.</param>
/// <param name="Record">Null when the store does not know it: whoever published it did not come to register it.</param>
/// <param name="Condition">What the folder holds.</param>
/// <param name="Fault">Why it is not valid; null when it is.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
public sealed record ModelVersion(
    string Version, ModelRecord? Record, BundleCondition Condition, string? Fault, BundleManifest? Manifest)
{
    /// <summary>What <see cref="StateName"/> says of a version that the store does not know.</summary>
    public const string Unregistered = "unregistered";

    /// <summary>The state by name.</summary>
    public string StateName => Record?.State.Name() ?? Unregistered;
}
