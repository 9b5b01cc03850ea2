using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// Two systems in worlds from one seed. First both show what is popular, a tenth of it by chance, until a night learns a model from it that
/// passes; then one learns anew every night and the other keeps that model. Where it is asked for, a third learns as the first does and
/// publishes what it has refitted up to the newest event. Each sees only what its own lists brought about.
/// </summary>
/// <param name="options">The world, of two days at least.</param>
/// <param name="folder">Empty; the data folders of both go here.</param>
/// <param name="night">How to learn.</param>
/// <param name="report">Told of each day's end: the system and the day.</param>
/// <param name="refitting">How the third learns; null: there is none.</param>
internal sealed class RetrainedWorld(
    WorldOptions options, string folder, NightlyTraining night, Action<string, int> report, NightlyTraining? refitting = null)
{
    public const string FirstPolicy = "explore:0.1:popular";
    public const string Retrained = "retrained";
    public const string Frozen = "frozen";
    public const string Refitted = "refitted";

    /// <summary>Runs all days of all of them.</summary>
    /// <exception cref="RecSysException">No night gives a model before the last two days.</exception>
    public async Task<RetrainedRun> RunAsync(CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, Retrained);
        var first = new WorldDays(options);
        var decisions = await BeginAsync(first, home, cancellationToken);
        var warm = first.World.Day;
        FolderCopy.Make(home, Path.Combine(folder, Frozen));
        if (refitting is not null) FolderCopy.Make(home, Path.Combine(folder, Refitted));
        var again = await AgainAsync(warm, cancellationToken);
        var retrained = DaysAsync(first, Retrained, night, decisions, cancellationToken);
        var frozen = DaysAsync(again, Frozen, learning: null, decisions, cancellationToken);
        await Task.WhenAll(retrained, frozen);
        var run = new RetrainedRun(options.Seed, await retrained, await frozen, decisions);
        if (refitting is null) return run;
        // Not beside the others: training draws from the process's one generator.
        List<NightDecision> refits = [.. decisions.Take(warm)];
        var refitted = await DaysAsync(await AgainAsync(warm, cancellationToken), Refitted, refitting, refits, cancellationToken);
        return run with { Refitted = refitted, RefittedDecisions = refits };
    }

    private async Task<List<NightDecision>> BeginAsync(WorldDays days, string home, CancellationToken cancellationToken)
    {
        var warm = new WarmDays(days, home);
        var decisions = new List<NightDecision>();
        do
        {
            if (days.World.Day > options.Days - 2)
                throw new RecSysException(
                    $"No night of seed {options.Seed} gave a model; the last one: {string.Join("; ", decisions[^1].Reasons)}. "
                        + "Run more days, or a larger world.");
            await warm.RunAsync(cancellationToken);
            decisions.Add(await night.RunAsync(home, days.World.Day - 1, days.Now, cancellationToken));
        }
        while (decisions[^1].Version is null);
        return decisions;
    }

    // The luck of a world is that of its seed: the first days come out the same.
    private async Task<WorldDays> AgainAsync(int warm, CancellationToken cancellationToken)
    {
        var again = new WorldDays(options);
        var policy = PolicyNames.Create(FirstPolicy);
        while (again.World.Day < warm) await again.RunAsync(policy, onList: null, cancellationToken);
        again.Catalogue.TakeUntil(again.LastMoment);
        return again;
    }

    private async Task<IReadOnlyList<DayTotals>> DaysAsync(
        WorldDays days, string system, NightlyTraining? learning, List<NightDecision> decisions, CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, system);
        var totals = new List<DayTotals>();
        var clock = new WorldClock(days.LastMoment);
        await using var server = await WorldServer.StartAsync(home, clock, cancellationToken);
        var policy = new ServerPolicy(days.World, days.Catalogue, server, clock);
        while (days.World.Day < options.Days)
        {
            totals.Add(await days.RunAsync(policy, onList: null, cancellationToken));
            await policy.TellUntilAsync(days.LastMoment, cancellationToken);
            report(system, days.World.Day);
            if (learning is null || days.World.Day == options.Days) continue;
            decisions.Add(await learning.RunAsync(home, days.World.Day - 1, days.Now, cancellationToken));
            await server.SwapAsync(cancellationToken);
        }
        return totals;
    }
}
