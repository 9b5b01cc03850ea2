namespace RecSys.Core.Models;

/// <summary>One entry of the registry.</summary>
/// <param name="Version">Name of the folder.</param>
/// <param name="State">What can be done with it.</param>
/// <param name="Reason">Why it is not valid; null when it is.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
public sealed record ModelVersion(string Version, ModelVersionState State, string? Reason, BundleManifest? Manifest);
