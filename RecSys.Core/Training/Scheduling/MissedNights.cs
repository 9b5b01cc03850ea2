namespace RecSys.Core.Training.Scheduling;

/// <summary>Nights that were planned while no process ran.</summary>
/// <param name="MakeUp">The one to make up for; null for none.</param>
/// <param name="Skipped">How many are passed over.</param>
/// <param name="Latest">The last of all; null when none was missed.</param>
public readonly record struct MissedNights(DateTimeOffset? MakeUp, int Skipped, DateTimeOffset? Latest);
