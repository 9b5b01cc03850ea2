using RecSys.Core.Domain;

namespace RecSys.Core.Pipeline;

/// <summary>What one stage of one request cost.</summary>
/// <param name="Stage">Stage name.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="CandidatesAfter">Number of candidates when it ended.</param>
/// <param name="Part">What its time counts as.</param>
public readonly record struct StageTiming(string Stage, TimeSpan Elapsed, int CandidatesAfter, RequestPart Part)
{
    /// <summary>
    /// <see cref="Elapsed"/> with what it took to run the stage: its span, its deadline, its metrics. Those of all stages leave no gap.
    /// </summary>
    public TimeSpan Occupied { get; init; }
}
