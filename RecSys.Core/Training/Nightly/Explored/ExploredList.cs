using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;

namespace RecSys.Core.Training.Nightly.Explored;

/// <summary>A served list with explored places.</summary>
/// <param name="Record">As it was served.</param>
/// <param name="User">Number of the user in the log.</param>
/// <param name="Places">Its places that were drawn from a pool that was kept.</param>
internal sealed record ExploredList(ServedRecord Record, int User, IReadOnlyList<ExploredPlace> Places);
