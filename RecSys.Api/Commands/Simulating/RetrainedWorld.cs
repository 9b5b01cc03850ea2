using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// Two systems in worlds from one seed. On the first day both show what is popular, a tenth of it by chance, and learn one model from it;
/// then one learns anew every night and the other keeps the model of the first. Each sees only what its own lists brought about.
/// </summary>
/// <param name="options">The world, of two days at least.</param>
/// <param name="folder">Empty; the data folders of both go here.</param>
/// <param name="night">How to learn.</param>
/// <param name="report">Told of each day's end: the system and the day.</param>
internal sealed class RetrainedWorld(WorldOptions options, string folder, NightlyTraining night, Action<string, int> report)
{
    public const string FirstPolicy = "explore:0.1:popular";
    public const string Retrained = "retrained";
    public const string Frozen = "frozen";

    /// <summary>Runs all days of both.</summary>
    /// <exception cref="RecSysException">The first day gives no model.</exception>
    public async Task<RetrainedRun> RunAsync(CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, Retrained);
        var first = new WorldDays(options);
        await new WarmDays(first, home).RunAsync(cancellationToken);
        var decision = await night.RunAsync(home, 0, first.Now, cancellationToken);
        FolderCopy.Make(home, Path.Combine(folder, Frozen));
        // The luck of a world is that of its seed: the first day comes out the same.
        var again = new WorldDays(options);
        await again.RunAsync(PolicyNames.Create(FirstPolicy), onList: null, cancellationToken);
        again.Catalogue.TakeUntil(again.LastMoment);

        List<NightDecision> decisions = [decision];
        var retrained = DaysAsync(first, home, Retrained, decisions, cancellationToken);
        var frozen = DaysAsync(again, Path.Combine(folder, Frozen), Frozen, decisions: null, cancellationToken);
        await Task.WhenAll(retrained, frozen);
        return new RetrainedRun(options.Seed, await retrained, await frozen, decisions);
    }

    private async Task<IReadOnlyList<DayTotals>> DaysAsync(
        WorldDays days, string home, string system, List<NightDecision>? decisions, CancellationToken cancellationToken)
    {
        var totals = new List<DayTotals>();
        var clock = new WorldClock(days.LastMoment);
        await using var server = await WorldServer.StartAsync(home, clock, cancellationToken);
        var policy = new ServerPolicy(days.World, days.Catalogue, server, clock);
        while (days.World.Day < options.Days)
        {
            totals.Add(await days.RunAsync(policy, onList: null, cancellationToken));
            await policy.TellUntilAsync(days.LastMoment, cancellationToken);
            report(system, days.World.Day);
            if (decisions is null || days.World.Day == options.Days) continue;
            decisions.Add(await night.RunAsync(home, days.World.Day - 1, days.Now, cancellationToken));
            await server.SwapAsync(cancellationToken);
        }
        return totals;
    }
}
