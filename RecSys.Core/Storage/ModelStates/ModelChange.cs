namespace RecSys.Core.Storage.ModelStates;

/// <summary>What became of a wanted change.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="Record">The version as it is now; null when there is none.</param>
public sealed record ModelChange(ModelChangeOutcome Outcome, ModelRecord? Record);
