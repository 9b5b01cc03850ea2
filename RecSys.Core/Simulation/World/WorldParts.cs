using RecSys.Core.Simulation.Behaviour;

namespace RecSys.Core.Simulation.World;

/// <summary>What never changes while the days of a living world run.</summary>
internal sealed class WorldParts
{
    public WorldParts(WorldOptions options)
    {
        Options = options;
        Items = WorldItems.Create(options, new Random(options.Seed));
        Users = WorldUsers.Create(options, Items, new Random(options.Seed + 1));
        Truths = ItemTruths.Create(options, Items);
        Clicks = new ClickModel(options, Items, Users);
        Draws = new Draws(options.Seed);
        Ids = Items.Items.Select((item, at) => (item.Id, at)).ToDictionary(entry => entry.Id, entry => entry.at, StringComparer.Ordinal);
    }

    public WorldOptions Options { get; }
    public BehaviourOptions Behaviour => Options.Behaviour!;
    public WorldItems Items { get; }
    public WorldUsers Users { get; }
    public ItemTruths Truths { get; }
    public ClickModel Clicks { get; }
    public Draws Draws { get; }

    /// <summary>Numbers of the items by id.</summary>
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>Sessions per day of a user with mood 0.</summary>
    public double SessionRate(int user) =>
        Math.Min(Behaviour.Returns.MostSessionsPerDay, Options.SessionsPerUserPerDay * Users.Activity[user]);
}
