using RecSys.Core.Domain;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Simulating;

/// <summary>What a shop would tell of its users and items, in the order of time: items as they arrive and as they vanish.</summary>
internal sealed class WorldCatalogue
{
    private readonly Queue<(DateTimeOffset At, LogChange Change)> changes;

    public WorldCatalogue(LivingWorld world)
    {
        var all = new List<(DateTimeOffset At, LogChange Change)>();
        foreach (var user in world.Users) all.Add((world.Options.Start, new UserPut(user)));
        for (var item = 0; item < world.Items.Count; item++)
        {
            var (facts, vanishes) = (world.Items[item], world.VanishesAt(item));
            var arrives = facts.CreatedAt is { } created && created > world.Options.Start ? created : world.Options.Start;
            if (vanishes <= arrives) continue;
            all.Add((arrives, new ItemPut(facts)));
            if (vanishes is { } end) all.Add((end, new ItemRemoval(facts.Id)));
        }
        changes = new(all.OrderBy(change => change.At));
    }

    /// <summary>What was not told yet and has happened by then.</summary>
    public List<LogChange> TakeUntil(DateTimeOffset moment)
    {
        var due = new List<LogChange>();
        while (changes.TryPeek(out var next) && next.At <= moment) due.Add(changes.Dequeue().Change);
        return due;
    }
}
