namespace RecSys.Core.Training.Protocols;

/// <summary>A model's figures; see <see cref="Evaluation.WithinUserMetrics"/>.</summary>
/// <param name="Model">Name.</param>
/// <param name="Gauc">Weighted by the positives of each user.</param>
/// <param name="NdcgAt5">Mean over all users.</param>
/// <param name="Primary">Mean of both.</param>
public sealed record KuaiRandChallengeRow(string Model, double Gauc, double NdcgAt5, double Primary);
