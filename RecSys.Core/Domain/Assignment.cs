namespace RecSys.Core.Domain;

/// <summary>What a request gets before anything else and keeps to its end.</summary>
/// <param name="Experiment">Id of the experiment; <c>none</c> when there is none.</param>
/// <param name="Variant">Arm of the experiment; <c>control</c> when there is none.</param>
/// <param name="ModelVersion">Bundle that answers.</param>
/// <param name="PolicyHash">Settings that apply; see <see cref="PolicyPut"/>.</param>
public sealed record Assignment(string Experiment, string Variant, string ModelVersion, string PolicyHash);
