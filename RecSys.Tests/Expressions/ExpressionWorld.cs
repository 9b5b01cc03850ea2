using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Tests.Expressions;

/// <summary>Items of every kind, a user and a request, for expressions to be evaluated over.</summary>
internal sealed class ExpressionWorld
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly string[] Categories = ["shoes", "lamps", "it's \"new\"", ""];
    public static readonly string[] Tags = ["red", "blue", "sale", "eco"];
    public static readonly double[] Prices = [9.99, 19.99, 20, 25, 0];

    public ExpressionWorld(int items, int seed)
    {
        var random = new Random(seed);
        Items = [.. Enumerable.Range(0, items).Select(number => Make(number, random))];
        Catalog = ItemCatalog.Create(Items);
        Popularity = [.. Enumerable.Range(0, items * 9 / 10).Select(_ => random.Next(5) / 4f)];
        Scope = new ExpressionScope
        {
            Catalog = Catalog,
            NowMs = Now.ToUnixTimeMilliseconds(),
            Popularity = Popularity,
            Device = "mobile",
            User = new User
            {
                Id = "u", Age = 31, Gender = "f",
                Attributes = new Dictionary<string, string> { ["budget"] = "20", ["style"] = "red", ["member"] = "true" },
            },
            Context = new Dictionary<string, AttributeValue>
            {
                ["limit"] = AttributeValue.Of(25), ["theme"] = "shoes", ["shelf"] = AttributeValue.Of(["shoes", "red"]),
                ["night"] = AttributeValue.Of(false),
            },
        };
    }

    public IReadOnlyList<Item> Items { get; }
    public ItemCatalog Catalog { get; }
    public float[] Popularity { get; }
    public ExpressionScope Scope { get; }

    public static T? Maybe<T>(Random random, T value) where T : struct => random.Next(4) == 0 ? null : value;

    private static Item Make(int number, Random random)
    {
        var attributes = new Dictionary<string, AttributeValue>();
        if (random.Next(3) > 0) attributes["colour"] = Tags[random.Next(Tags.Length)];
        if (random.Next(3) > 0) attributes["weight"] = AttributeValue.Of(random.Next(6) - 2);
        if (random.Next(3) > 0) attributes["organic"] = AttributeValue.Of(random.Next(2) == 0);
        if (random.Next(3) > 0) attributes["released"] = AttributeValue.Of(Now.AddDays(-random.Next(5)));
        if (random.Next(3) > 0) attributes["materials"] = AttributeValue.Of(Tags.Where(_ => random.Next(2) == 0));
        // Sometimes this, sometimes that.
        if (random.Next(3) > 0) attributes["size"] = random.Next(2) == 0 ? AttributeValue.Of(random.Next(3)) : "blue";
        return new Item
        {
            Id = $"i{number}",
            Title = $"t{number}",
            Category = Categories[random.Next(Categories.Length)],
            Tags = [.. Tags.Where(_ => random.Next(3) == 0)],
            Creator = random.Next(3) == 0 ? null : Tags[random.Next(Tags.Length)],
            Price = Maybe(random, Prices[random.Next(Prices.Length)]),
            DurationSeconds = Maybe(random, random.Next(4) * 30.0),
            CreatedAt = Maybe(random, Now.AddHours(-12 * random.Next(8))),
            Available = random.Next(8) > 0,
            Flagged = random.Next(16) == 0,
            Attributes = attributes,
        };
    }
}
