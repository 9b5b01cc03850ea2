using static System.FormattableString;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>
/// How many servers are wanted, as a pure function. <see cref="AutoscalingOptions.StepUp"/> more when the mean latency or the processor
/// share is high, <see cref="AutoscalingOptions.StepDown"/> fewer when both are low; soon again upwards, late downwards; within bounds;
/// never by what is not known; and not upwards while the store is the bottleneck. A step down is cut short where it would bring the
/// processor share beyond the middle of the two marks, so that few servers do not go down only to come up again.
/// </summary>
public static class ScalingPolicy
{
    /// <summary>The state after a look.</summary>
    /// <param name="options">Marks, steps, bounds and pauses.</param>
    /// <param name="before">The state after the last look.</param>
    /// <param name="input">What is known now.</param>
    /// <param name="now">Now.</param>
    public static ScalingState Decide(AutoscalingOptions options, ScalingState before, ScalingInput input, DateTimeOffset now)
    {
        if (input is not { Replicas: { } replicas and > 0, MeanLatencyMs: { } latency, Cpu: { } cpu })
            return before with { Why = $"as before: {Missing(input)} not known" };

        // A step from later than now was taken before the clock was set back: it must not hold up others until the clock is there again.
        var since = before.Changed is { } last && last <= now ? now - last : TimeSpan.MaxValue;
        var wanted = Kept(options, before, replicas, since);
        if (input.UpRequested || latency > options.HighLatencyMs || cpu > options.HighCpu)
        {
            var cause = latency > options.HighLatencyMs ? Invariant($"mean latency {latency:0} ms is above {options.HighLatencyMs:0} ms")
                : cpu > options.HighCpu ? Invariant($"processor share {cpu:0.00} is above {options.HighCpu:0.00}")
                : "a red alert asks for servers";
            if (input.StoreIsBottleneck) return Stay($"{cause}, but the store is the bottleneck: more servers would ask it more");
            if (since < TimeSpan.FromSeconds(options.UpCooldownSeconds)) return Stay($"{cause}; the last step is too recent");
            var more = Bounded(options, Math.Max(wanted, replicas + options.StepUp));
            return more > wanted ? new ScalingState(more, now, cause) : Stay($"{cause}, but {more} is the bound");
        }
        if (latency < options.LowLatencyMs && cpu < options.LowCpu)
        {
            var cause = Invariant($"mean latency {latency:0} ms and processor share {cpu:0.00} are low");
            if (since < TimeSpan.FromSeconds(options.DownCooldownSeconds)) return Stay($"{cause}; the last step is too recent");
            var needed = (int)Math.Ceiling(cpu * replicas / ((options.LowCpu + options.HighCpu) / 2));
            var fewer = Bounded(options, Math.Max(Math.Min(wanted, replicas) - options.StepDown, needed));
            return fewer < wanted ? new ScalingState(fewer, now, cause) : Stay($"{cause}, but fewer than {wanted} would not do");
        }
        return Stay(Invariant($"mean latency {latency:0} ms and processor share {cpu:0.00} are between the marks"));

        ScalingState Stay(string why) => before with { Desired = wanted, Why = why };
    }

    // For as long as a step may be on its way it stands; later the servers that there are count, so that all say the same after a while.
    private static int Kept(AutoscalingOptions options, ScalingState before, int replicas, TimeSpan since) => Bounded(options,
        before.Desired is { } decided && since < TimeSpan.FromSeconds(options.DownCooldownSeconds) ? decided : replicas);

    private static int Bounded(AutoscalingOptions options, int replicas) => Math.Clamp(replicas, options.MinReplicas, options.MaxReplicas);

    private static string Missing(ScalingInput input)
    {
        var missing = new List<string>();
        if (input.Replicas is null or <= 0) missing.Add("the number of servers");
        if (input.MeanLatencyMs is null) missing.Add("the mean latency");
        if (input.Cpu is null) missing.Add("the processor share");
        return $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")}";
    }
}
