using RecSys.Core.Simulation.Behaviour;

namespace RecSys.Core.Simulation.World;

/// <summary>What a living world knows of each item beyond the catalogue.</summary>
internal sealed class ItemTruths
{
    /// <summary>Log odds that a promise adds to a click; 0 for an honest item.</summary>
    public required float[] Lure { get; init; }

    /// <summary>What the item adds to the satisfaction of whoever clicked it, before tanh.</summary>
    public required float[] Worth { get; init; }

    /// <summary>What an advertiser pays for a click; 0 for none.</summary>
    public required double[] AdAmount { get; init; }

    /// <summary>True: sold elsewhere, for a commission.</summary>
    public required bool[] Affiliate { get; init; }

    /// <summary>What a sale brings: the price, or the commission on what is sold elsewhere, in whole cents; 0 for no goods.</summary>
    public required double[] SaleRevenue { get; init; }

    /// <summary>Price relative to the median of the category to the power of minus the elasticity; 0 for what is not for sale.</summary>
    public required double[] PricePull { get; init; }

    /// <summary>Unix milliseconds from which on the item is gone; <see cref="long.MaxValue"/> for never.</summary>
    public required long[] VanishesMs { get; init; }

    /// <summary>Draws the truths; moves the creation of the items that arrive, and sets all prices by the factor.</summary>
    public static ItemTruths Create(WorldOptions options, WorldItems items)
    {
        var behaviour = options.Behaviour!;
        var random = new Random(options.Seed + 10);
        var count = items.Items.Length;
        var truths = new ItemTruths
        {
            Lure = new float[count], Worth = new float[count], AdAmount = new double[count], Affiliate = new bool[count],
            SaleRevenue = new double[count], PricePull = new double[count], VanishesMs = new long[count],
        };
        for (var i = 0; i < count; i++) truths.Draw(i, options, behaviour, items, random);
        return truths;
    }

    // Every item takes the same number of draws, so that one setting changes nothing but what it says.
    private void Draw(int item, WorldOptions options, BehaviourOptions behaviour, WorldItems items, Random random)
    {
        var (bait, ad, affiliate) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
        var (own, amount) = (Noise.Normal(random), random.NextDouble());
        var (fate, moment) = (random.NextDouble(), random.NextDouble() * options.Days);

        var isBait = bait < behaviour.Appeal.ClickbaitShare;
        Lure[item] = isBait ? (float)behaviour.Appeal.ClickbaitLure : 0;
        // Quality has a standard deviation of 0.6.
        var worth = behaviour.Satisfaction.WorthSpread * (0.5 * items.Quality[item] / 0.6 + Math.Sqrt(0.75) * own);
        Worth[item] = (float)(worth - (isBait ? behaviour.Satisfaction.ClickbaitHarm : 0));
        var money = behaviour.Money;
        AdAmount[item] = ad < money.AdShare ? Math.Round(money.AdAmount * (0.5 + amount), 2) : 0;
        VanishesMs[item] = fate < behaviour.VanishingShare ? options.Start.AddDays(moment).ToUnixTimeMilliseconds() : long.MaxValue;
        if (fate >= 1 - behaviour.ArrivingShare)
            items.Items[item] = items.Items[item] with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(
                options.Start.AddDays(moment).ToUnixTimeMilliseconds()) };
        if (items.Items[item].Price is not { } price) return;
        Affiliate[item] = affiliate < money.AffiliateShare;
        price = Math.Max(0.01, Math.Round(price * money.PriceFactor, 2));
        items.Items[item] = items.Items[item] with { Price = price };
        SaleRevenue[item] = Affiliate[item] ? Math.Round(price * money.Commission, 2) : price;
        PricePull[item] = Math.Pow(price / WorldCategory.All[items.Categories[item]].Price, -money.Elasticity);
    }
}
