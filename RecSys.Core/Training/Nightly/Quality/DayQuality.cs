namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>The events of one day, UTC, by the time that folds go by.</summary>
/// <param name="Day">The day.</param>
/// <param name="Raw">Events of the log.</param>
/// <param name="Rejected">By fault; faults that did not occur are absent.</param>
/// <param name="Filled">Share of the events that fill in each of the optional fields.</param>
public sealed record DayQuality(
    DateOnly Day, long Raw, IReadOnlyDictionary<EventFault, long> Rejected, IReadOnlyDictionary<string, double> Filled)
{
    public long Kept => Raw - Rejected.Values.Sum();
}
