namespace RecSys.Core.Monitoring.Autoscaling.Trace;

/// <summary>
/// The policy over a trace: what it measures comes from <see cref="FleetModel"/>, what it wants takes <paramref name="start"/> to bear
/// load, and what it no longer wants is gone at once.
/// </summary>
/// <param name="options">Of the policy.</param>
/// <param name="fleet">The servers.</param>
/// <param name="start">From the wish to a server that bears load.</param>
public sealed class ScalingSimulation(AutoscalingOptions options, FleetModel fleet, TimeSpan start)
{
    // The policy knows clocks, the trace knows seconds.
    private static readonly DateTimeOffset Beginning = DateTimeOffset.UnixEpoch;

    /// <param name="trace">The load.</param>
    /// <param name="replicas">Servers at its beginning.</param>
    public ScalingRun Run(LoadTrace trace, int replicas)
    {
        var step = ScalingJob.Interval;
        var points = new List<ScalingPoint>();
        var starting = new Queue<(double At, int Count)>();
        var (state, ready, backlog) = (ScalingState.First, replicas, 0.0);
        for (var second = 0.0; second < trace.Length.TotalSeconds; second += step.TotalSeconds)
        {
            while (starting.TryPeek(out var next) && next.At <= second) ready = Math.Max(ready, starting.Dequeue().Count);
            var rate = trace.RateAt(second + step.TotalSeconds / 2);
            var happened = fleet.Step(rate, ready, backlog, step.TotalSeconds);
            backlog = happened.Backlog;
            var input = new ScalingInput(ready, happened.LatencyMs, happened.Cpu, StoreIsBottleneck: false, UpRequested: false);
            state = ScalingPolicy.Decide(options, state, input, Beginning.AddSeconds(second + step.TotalSeconds));
            var desired = state.Desired ?? ready;
            points.Add(new ScalingPoint(second, rate, ready, desired, happened.LatencyMs, happened.Cpu, happened.Shed));
            if (desired < ready)
            {
                ready = desired;
                starting.Clear();
            }
            else if (desired > ready && starting.All(wave => wave.Count < desired))
            {
                starting.Enqueue((second + step.TotalSeconds + start.TotalSeconds, desired));
            }
        }
        return new ScalingRun(trace.Name, points, step);
    }
}
