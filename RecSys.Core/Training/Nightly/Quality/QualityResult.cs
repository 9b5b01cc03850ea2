namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>What the check found.</summary>
/// <param name="Report">For people.</param>
/// <param name="Rejected">Positions of the events that are not learnt from, ascending.</param>
public sealed record QualityResult(QualityReport Report, long[] Rejected);
