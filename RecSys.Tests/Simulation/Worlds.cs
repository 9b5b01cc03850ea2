using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Tests.Simulation;

/// <summary>Living worlds small enough for tests; seeds are fixed, so what holds once holds always.</summary>
internal static class Worlds
{
    public static WorldOptions Tiny { get; } = WorldOptions.Small with { Items = 600, Users = 400, Days = 5, Seed = 3 };

    public static async Task<LivingWorld> RunAsync(WorldOptions options, IServingPolicy policy, Action<ShownList>? onList = null)
    {
        var world = LivingWorld.Create(options);
        while (world.Day < options.Days) await world.RunDayAsync(policy, onList, TestContext.Current.CancellationToken);
        return world;
    }
}
