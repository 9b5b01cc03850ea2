using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// A catalogue for filters: one of 100 categories, a creator per 50 items, 3 of 200 tags, a price, a time, and two attributes an item.
/// </summary>
internal sealed class FilterWorld
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public FilterWorld(int items)
    {
        for (var number = 0; number < items; number++) Catalog.Put(number, Make(number));
        var random = new Random(1);
        var popularity = new float[items];
        foreach (ref var share in popularity.AsSpan()) share = random.NextSingle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        Catalog.KeepFields(ItemCatalog.DefaultMaxAttributes);
        BuildSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Scope = new ExpressionScope { Catalog = Catalog, NowMs = Now.ToUnixTimeMilliseconds(), Popularity = popularity };
    }

    public ItemCatalog Catalog { get; } = new();
    public ExpressionScope Scope { get; }

    /// <summary>What making the columns took.</summary>
    public double BuildSeconds { get; }

    /// <summary>What they take in memory.</summary>
    public long Bytes { get; }

    /// <summary>The item of a number; its parts are independent of each other.</summary>
    private static Item Make(int number)
    {
        ulong Draw(ulong what) => StableHash.Of("filter", (ulong)number << 8 | what);
        return new Item
        {
            Id = $"item-{number}",
            Title = "",
            Category = $"category {Draw(1) % 100}",
            Creator = Draw(2) % 10 == 0 ? null : $"creator {number / 50}",
            Tags = [.. Enumerable.Range(0, 3).Select(each => $"tag {Draw(10 + (ulong)each) % 200}").Distinct()],
            Price = Draw(3) % 20 == 0 ? null : Draw(4) % 10_000 / 100.0,
            CreatedAt = Draw(5) % 20 == 0 ? null : Now.AddMinutes(-(double)(Draw(6) % 144_000)),
            Available = Draw(7) % 50 > 0,
            Attributes = new Dictionary<string, AttributeValue>
            {
                ["weight"] = AttributeValue.Of(Draw(8) % 1000 / 10.0), ["colour"] = $"colour {Draw(9) % 12}",
            },
        };
    }
}
