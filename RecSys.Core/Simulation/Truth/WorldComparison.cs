using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Truth;

/// <summary>
/// The true effect of a change: each side runs in a world of its own from the same seed, in which users, items and all luck are the same,
/// so that a seed's difference holds little but the effect.
/// </summary>
/// <param name="Arms">Names, the base first.</param>
/// <param name="Runs">Seeds x arms.</param>
public sealed record WorldComparison(IReadOnlyList<string> Arms, IReadOnlyList<IReadOnlyList<RunTotals>> Runs)
{
    /// <param name="options">The world; its seed is the first.</param>
    /// <param name="arms">At least one; the first is the base.</param>
    /// <param name="seeds">How many worlds, with seeds one after another.</param>
    /// <param name="threads">Worlds at a time.</param>
    /// <param name="progress">Told of each finished run.</param>
    /// <param name="cancellationToken">Stops between two lists.</param>
    public static async Task<WorldComparison> RunAsync(WorldOptions options, IReadOnlyList<WorldArm> arms, int seeds, int threads,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var runs = new RunTotals[seeds][];
        for (var seed = 0; seed < seeds; seed++) runs[seed] = new RunTotals[arms.Count];
        var done = 0;
        await Parallel.ForAsync(0, seeds * arms.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            async (run, token) =>
            {
                var (seed, arm) = (run / arms.Count, run % arms.Count);
                runs[seed][arm] = await RunAsync(arms[arm], options with { Seed = options.Seed + seed }, token);
                progress?.Report(new WorkProgress("simulate", Interlocked.Increment(ref done), seeds * arms.Count, "runs"));
            });
        return new WorldComparison([.. arms.Select(arm => arm.Name)], runs);
    }

    /// <summary>A figure of one side over the seeds.</summary>
    public MeanInterval Of(RunMetric metric, int arm) => MeanInterval.Of([.. Runs.Select(seed => metric.Of(seed[arm]))]);

    /// <summary>One side minus the base, seed by seed.</summary>
    public MeanInterval Difference(RunMetric metric, int arm) =>
        MeanInterval.Of([.. Runs.Select(seed => metric.Of(seed[arm]) - metric.Of(seed[0]))]);

    private static async Task<RunTotals> RunAsync(WorldArm arm, WorldOptions options, CancellationToken cancellationToken)
    {
        var world = LivingWorld.Create(arm.Change(options));
        var policy = arm.Policy();
        var days = new List<DayTotals>();
        while (world.Day < options.Days) days.Add(await world.RunDayAsync(policy, cancellationToken: cancellationToken));
        return new RunTotals(days, Enumerable.Range(0, options.Users).Count(user => !world.IsBot(user)));
    }
}
