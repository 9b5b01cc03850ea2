using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Contracts;

/// <summary>When this process trains by itself, in <c>GET /models</c>.</summary>
/// <param name="Next">When the next night is planned; null when none is.</param>
/// <param name="Last">The last one that was begun or passed over; null before the first.</param>
public sealed record NightsBody(DateTimeOffset? Next, NightRecord? Last)
{
    internal static NightsBody? Of(NightScheduler? scheduler) =>
        scheduler is { } nights && (nights.Next is not null || nights.Last is not null) ? new NightsBody(nights.Next, nights.Last) : null;
}
