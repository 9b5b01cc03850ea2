using RecSys.Core.Domain;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// The days of a world before its server: lists of what is popular, a tenth of them by chance, stored by a clock of the day.
/// </summary>
/// <param name="days">The world.</param>
/// <param name="home">Data folder that gets what is told.</param>
/// <param name="tells">Which events the shop hears of; all of them when left out.</param>
internal sealed class WarmDays(WorldDays days, string home, Func<ShownList, bool>? tells = null)
{
    private readonly IServingPolicy policy = PolicyNames.Create(RetrainedWorld.FirstPolicy);
    private readonly List<Event> events = [];

    /// <summary>Makes the lists where no shop does.</summary>
    public IServingPolicy Policy => policy;

    /// <summary>Runs and stores the next day.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await days.RunAsync(policy, Tell, cancellationToken);
        // Each day by its own clock: the log is received as it happens.
        await using var database = Databases.Open(home, new WorldClock(days.LastMoment));
        List<LogChange> changes = [.. days.Catalogue.TakeUntil(days.LastMoment),
            .. events.Where(e => e.Time <= days.LastMoment).OrderBy(e => e.Time).Select(e => new EventChange(e))];
        events.RemoveAll(e => e.Time <= days.LastMoment);
        foreach (var chunk in changes.Chunk(ImportPace.MostEntries)) await database.Import.ImportAsync(chunk, cancellationToken);

        void Tell(ShownList list)
        {
            if (tells?.Invoke(list) ?? true) events.AddRange(days.World.EventsOf(list));
        }
    }
}
