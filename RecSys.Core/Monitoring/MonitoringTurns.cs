using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring;

/// <summary>The turns of what only watches the server.</summary>
internal static class MonitoringTurns
{
    /// <param name="what">What is done, for the log: <c>look at the alerts</c>.</param>
    /// <param name="pace">From one turn to the next.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of failures.</param>
    public static SteadyTurns Of(string what, TimeSpan pace, TimeProvider time, ILogger logger) =>
        new(pace, time, (fault, times) => logger.TurnFailed(what, fault, times));
}
