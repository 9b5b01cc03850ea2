using RecSys.Core.Domain;

namespace RecSys.Core.Simulation;

/// <summary>A seeded world of items and users with known tastes and a known click model.</summary>
public sealed class SyntheticWorld
{
    private SyntheticWorld(WorldOptions options) => Options = options;

    public WorldOptions Options { get; }
    public IReadOnlyList<Item> Items { get; } = [];
    public IReadOnlyList<User> Users { get; } = [];

    public static SyntheticWorld Create(WorldOptions options) => new(options);

    public IEnumerable<Event> GenerateHistory() => throw new NotImplementedException();

    public IReadOnlyList<Event> Respond(User user, IReadOnlyList<string> shownItemIds, DateTimeOffset time, string requestId, string device, Random random) =>
        throw new NotImplementedException();

    public double ClickProbability(User user, string itemId, DateTimeOffset time, int position) => throw new NotImplementedException();
}
