namespace RecSys.Core.Domain;

/// <summary>
/// What one request gets, settled before anything else and kept to its end: served records, experiments and explanations quote it.
/// </summary>
/// <param name="Experiment">Id of the experiment; <see cref="NoExperiment"/> where the request is in none and must not count in
/// any.</param>
/// <param name="Variant">Name of the arm within the experiment; <see cref="Control"/> outside of one.</param>
/// <param name="ModelVersion">Name of the bundle that makes the list, such as <c>v1.2.3</c>.</param>
/// <param name="PolicyHash"><see cref="Policy.Hash"/> of the policy that the list is made by.</param>
public sealed record Assignment(string Experiment, string Variant, string ModelVersion, string PolicyHash)
{
    public const string NoExperiment = "none";
    public const string Control = "control";
}
