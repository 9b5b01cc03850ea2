using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>A world, what a shop would tell of it, and where its time stands.</summary>
internal sealed class WorldDays
{
    public WorldDays(WorldOptions options)
    {
        World = LivingWorld.Create(options);
        Catalogue = new WorldCatalogue(World);
    }

    public LivingWorld World { get; }
    public WorldCatalogue Catalogue { get; }

    /// <summary>The first moment of the next day.</summary>
    public DateTimeOffset Now => World.Options.Start.AddDays(World.Day);

    /// <summary>The end of the last day, to the millisecond: what a shop tells by then was received on that day.</summary>
    public DateTimeOffset LastMoment => Now - TimeSpan.FromMilliseconds(1);

    public Task<DayTotals> RunAsync(IServingPolicy policy, Action<ShownList>? onList, CancellationToken cancellationToken) =>
        World.RunDayAsync(policy, onList, cancellationToken);
}
