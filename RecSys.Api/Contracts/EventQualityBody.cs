using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

/// <summary>Events that came in live.</summary>
/// <param name="Accepted">In the log.</param>
/// <param name="Parked">Wait for their item.</param>
/// <param name="Duplicates">Came before.</param>
/// <param name="Refused">Rejected.</param>
/// <param name="Share">Accepted by all; null when none came.</param>
public sealed record EventQualityBody(long Accepted, long Parked, long Duplicates, long Refused, double? Share)
{
    internal static EventQualityBody Of(EventQuality quality) =>
        new(quality.Accepted, quality.Parked, quality.Duplicates, quality.Refused, Rounded.Rate(quality.Share));
}
