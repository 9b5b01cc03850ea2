using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>Users and items of a data folder, to make traffic from.</summary>
/// <param name="Users">Ids, at most 100,000.</param>
/// <param name="Items">Ids, at most 100,000.</param>
internal sealed record BenchWorld(string[] Users, string[] Items)
{
    private const int Most = 100_000;
    private static readonly EventType[] Types =
        [EventType.Impression, EventType.Impression, EventType.Impression, EventType.Click, EventType.View, EventType.AddToCart];

    /// <exception cref="RecSysException">There are no users or no items.</exception>
    public static async Task<BenchWorld> ReadAsync(string dataFolder, CancellationToken cancellationToken)
    {
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var users = await database.Contents.ReadUsersAsync(cancellationToken).Take(Most).Select(stored => stored.User.Id)
            .ToArrayAsync(cancellationToken);
        var items = await database.Contents.ReadItemsAsync(0, cancellationToken).Take(Most).Select(stored => stored.Item.Id)
            .ToArrayAsync(cancellationToken);
        return users.Length > 0 && items.Length > 0
            ? new BenchWorld(users, items) : throw new RecSysException($"The data in {dataFolder} have no users or no items.");
    }

    /// <summary>The body of a post with events of random users on random items.</summary>
    /// <param name="random">Draws them.</param>
    /// <param name="count">Events.</param>
    /// <param name="id">Beginning of their ids.</param>
    /// <param name="item">Names the item of the next event; null, or null from it: a random one.</param>
    public byte[] Batch(Random random, int count, string id, Func<string?>? item = null) =>
        EventBody.Post(Enumerable.Range(0, count).Select(i => Event(random, $"{id}-{i}", item?.Invoke())));

    /// <summary>An event of a random user, now.</summary>
    /// <param name="random">Draws it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="item">Its item; null: a random one.</param>
    public Event Event(Random random, string id, string? item = null) => new()
    {
        Id = id,
        UserId = Users[random.Next(Users.Length)],
        ItemId = item ?? Items[random.Next(Items.Length)],
        Type = Types[random.Next(Types.Length)],
        Time = TimeProvider.System.GetUtcNow(),
    };
}
