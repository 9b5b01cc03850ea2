namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>
/// Servers as queues. A request takes <paramref name="ServiceMs"/> of one processor; load spreads evenly, so each server is an M/M/c queue
/// of its processors, whose mean wait is <c>S/c · ρ^(√(2(c+1))−1) / (1−ρ)</c> (Sakasegawa 1977, exact for c = 1). What comes beyond the
/// capacity waits in a backlog of at most <paramref name="LongestWaitMs"/> of work; the rest is shed.
/// </summary>
/// <param name="ServiceMs">Processor time of a request, milliseconds.</param>
/// <param name="Processors">Of a server.</param>
/// <param name="LongestWaitMs">Longest backlog, milliseconds.</param>
public sealed record FleetModel(double ServiceMs = 20, int Processors = 2, double LongestWaitMs = 500)
{
    // Of a queue that is fuller the formula knows no end; the backlog speaks for it.
    private const double FullestQueue = 0.98;

    /// <summary>Requests per second that a server can answer.</summary>
    public double Capacity => Processors * 1000 / ServiceMs;

    /// <summary>What happens in a stretch of time.</summary>
    /// <param name="rate">Requests per second.</param>
    /// <param name="replicas">Servers that bear load.</param>
    /// <param name="backlog">Requests that waited at its beginning.</param>
    /// <param name="seconds">Its length.</param>
    public FleetStep Step(double rate, int replicas, double backlog, double seconds)
    {
        var capacity = replicas * Capacity;
        var work = rate * seconds + backlog;
        var done = Math.Min(work, capacity * seconds);
        var room = capacity * LongestWaitMs / 1000;
        var left = Math.Min(work - done, room);
        var share = done / (capacity * seconds);
        var full = Math.Min(rate / capacity, FullestQueue);
        var wait = ServiceMs / Processors * Math.Pow(full, Math.Sqrt(2 * (Processors + 1)) - 1) / (1 - full);
        var behind = (backlog + left) / 2 / capacity * 1000;
        return new FleetStep(ServiceMs + wait + behind, share, left, work - done - left);
    }
}
