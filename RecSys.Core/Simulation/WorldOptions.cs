using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;

namespace RecSys.Core.Simulation;

/// <summary>Size and seed of a synthetic world. The defaults give a week of about 350,000 impressions.</summary>
public sealed record WorldOptions
{
    /// <summary>The world of the demo and the benchmarks; figures that were measured in it stay comparable.</summary>
    public static WorldOptions Classic { get; } = new();

    /// <summary>A <see cref="LivingWorld"/> for experiments with many seeds: articles, goods and ads in one list.</summary>
    public static WorldOptions Small { get; } = new() { Items = 5_000, Users = 2_000, Days = 10, Behaviour = new() };

    /// <summary>Goods: impressions are not reported, purchases are frequent, little is clickbait, nobody subscribes.</summary>
    public static WorldOptions Shop { get; } = new()
    {
        Items = 20_000,
        Users = 5_000,
        Days = 14,
        Behaviour = new()
        {
            ReportsImpressions = false,
            Appeal = new() { ClickbaitShare = 0.05, TrendStrength = 1 },
            Money = new() { BuyRate = 0.12, AdShare = 0.05, SubscribeRate = 0 },
        },
    };

    /// <summary>A feed: many sessions, much clickbait, quick fashions, items that live some days, ads and subscriptions.</summary>
    public static WorldOptions Feed { get; } = new()
    {
        Items = 20_000,
        Users = 5_000,
        Days = 14,
        SessionsPerUserPerDay = 1,
        Behaviour = new()
        {
            ArrivingShare = 0.5,
            VanishingShare = 0.4,
            Appeal = new() { ClickbaitShare = 0.25, TrendStrength = 2.5, SatiationPerClick = 0.4 },
            Money = new() { BuyRate = 0.01, AdShare = 0.2 },
        },
    };

    /// <summary>Names of the presets that <see cref="LivingPreset"/> knows.</summary>
    public static IReadOnlyList<string> LivingPresets { get; } = ["small", "shop", "feed"];

    public int Items { get; init; } = 20_000;
    public int Users { get; init; } = 5_000;
    public int Seed { get; init; } = 42;

    /// <summary>First moment of the history; its last is <see cref="Days"/> later.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    public int Days { get; init; } = 7;

    /// <summary>Mean over all users; single users differ by a heavy-tailed activity factor with mean 1.</summary>
    public double SessionsPerUserPerDay { get; init; } = 0.5;

    /// <summary>Items in one served list.</summary>
    public int ListLength { get; init; } = 10;

    /// <summary>Null for a <see cref="SyntheticWorld"/>, whose users never change.</summary>
    public BehaviourOptions? Behaviour { get; init; }

    /// <summary>The preset of a <see cref="LivingWorld"/> by its name.</summary>
    /// <exception cref="RecSysException">No preset has this name.</exception>
    public static WorldOptions LivingPreset(string name) => name switch
    {
        "small" => Small,
        "shop" => Shop,
        "feed" => Feed,
        _ => throw new RecSysException($"There is no world \"{name}\"; take one of {string.Join(", ", LivingPresets)}."),
    };

    internal void Require()
    {
        if (this is not { Items: >= 1, Users: >= 1, Days: >= 1, ListLength: >= 1, SessionsPerUserPerDay: > 0 })
            throw new RecSysException("A synthetic world needs at least one item, user, day and list position, and more than 0 sessions "
                + "per user and day.");
    }
}
