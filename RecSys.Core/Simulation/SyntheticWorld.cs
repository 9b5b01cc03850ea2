using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation;

/// <summary>
/// A seeded world of items and users with known tastes and a known click model: equal options give an equal world and an equal history.
/// </summary>
public sealed class SyntheticWorld
{
    private readonly WorldItems items;
    private readonly WorldUsers users;
    private readonly ClickModel clicks;
    private readonly UserResponse response;
    private readonly Dictionary<string, int> itemOrdinals;
    private readonly Dictionary<string, int> userOrdinals;

    private SyntheticWorld(WorldOptions options)
    {
        Options = options;
        items = WorldItems.Create(options, new Random(options.Seed));
        users = WorldUsers.Create(options, items, new Random(options.Seed + 1));
        clicks = new ClickModel(options, items, users);
        response = new UserResponse(clicks, items, users);
        itemOrdinals = Ordinals(items.Items.Select(item => item.Id));
        userOrdinals = Ordinals(users.Users.Select(user => user.Id));
    }

    public WorldOptions Options { get; }
    public IReadOnlyList<Item> Items => items.Items;
    public IReadOnlyList<User> Users => users.Users;

    /// <exception cref="RecSysException">The options ask for a world without items, users or days, or for users who change.</exception>
    public static SyntheticWorld Create(WorldOptions options)
    {
        if (options.Behaviour is not null)
            throw new RecSysException("Users of a synthetic world never change; a world with a behaviour is a living world.");
        options.Require();
        return new SyntheticWorld(options);
    }

    /// <summary>
    /// The events from <see cref="WorldOptions.Start"/> on, in time order: lists shown by a mixture of popularity, nearness to the taste
    /// and chance, and what their readers did. Each enumeration gives the same events.
    /// </summary>
    public IEnumerable<Event> GenerateHistory() => new WorldHistory(Options, items, users, response).Generate();

    /// <summary>
    /// What the user does with a served list: one impression per item in order, then clicks and what follows them, in time order. Items
    /// that are not of this world, such as one that was put while it is served, are looked at and no more: no taste of a user is known.
    /// </summary>
    /// <param name="user">A user of this world.</param>
    /// <param name="shownItemIds">Items by position.</param>
    /// <param name="time">When the list is shown.</param>
    /// <param name="requestId">The request that showed it; event ids are built from it, so it must be unique.</param>
    /// <param name="device">Name of the device.</param>
    /// <param name="random">Source of chance; the same state gives the same events.</param>
    /// <exception cref="RecSysException">The user is not of this world.</exception>
    public IReadOnlyList<Event> Respond(
        User user, IReadOnlyList<string> shownItemIds, DateTimeOffset time, string requestId, string device, Random random)
    {
        var shown = new int[shownItemIds.Count];
        for (var i = 0; i < shown.Length; i++) shown[i] = itemOrdinals.GetValueOrDefault(shownItemIds[i], UserResponse.Stranger);
        var events = new List<(Event Event, int Item)>();
        response.To(UserOrdinal(user.Id), shown, shownItemIds, time, requestId, device, random, events);
        return [.. events.Select(entry => entry.Event).OrderBy(e => e.Time)];
    }

    /// <summary>The true probability that the user clicks the item when it is shown at this position at this time.</summary>
    /// <exception cref="RecSysException">The user or the item is not of this world.</exception>
    public double ClickProbability(User user, string itemId, DateTimeOffset time, int position = 0) =>
        ExaminationProbability(position) * clicks.Attraction(UserOrdinal(user.Id), ItemOrdinal(itemId), time);

    /// <summary>The true probability that a user looks at a position: 1 / (1 + 0.12 position).</summary>
    public static double ExaminationProbability(int position) => ClickModel.Examination(position);

    private int ItemOrdinal(string id) =>
        itemOrdinals.TryGetValue(id, out var at) ? at
        : throw new RecSysException($"Item {id} is not an item of this synthetic world; serve the catalogue that the world was created "
        + "with.");

    private int UserOrdinal(string id) =>
        userOrdinals.TryGetValue(id, out var at) ? at
        : throw new RecSysException($"User {id} is not a user of this synthetic world; take users from its list.");

    private static Dictionary<string, int> Ordinals(IEnumerable<string> ids) =>
        ids.Select((id, at) => (id, at)).ToDictionary(entry => entry.id, entry => entry.at, StringComparer.Ordinal);
}
