using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Truth;

/// <summary>What happened on one day, programs left out except where said.</summary>
public sealed class DayTotals(int day)
{
    private readonly double[] revenue = new double[Enum.GetValues<RevenueSource>().Length];

    /// <summary>From 0.</summary>
    public int Day => day;

    /// <summary>Users with at least one session.</summary>
    public int ActiveUsers { get; internal set; }
    public int Sessions { get; internal set; }
    public int Lists { get; internal set; }
    public int Impressions { get; internal set; }
    public int Clicks { get; internal set; }

    /// <summary>Sum over the clicks, each from -1 to 1.</summary>
    public double Satisfaction { get; internal set; }

    /// <summary>Own and affiliate sales, without subscriptions.</summary>
    public int Purchases { get; internal set; }
    public int Subscriptions { get; internal set; }
    public int Hides { get; internal set; }

    /// <summary>Users who left for good.</summary>
    public int Left { get; internal set; }

    /// <summary>Places that a draw filled.</summary>
    public int Explored { get; internal set; }

    /// <summary>Of programs.</summary>
    public int BotClicks { get; internal set; }
    public double TotalRevenue => revenue.Sum();

    /// <summary>In the currency of the world.</summary>
    public double Revenue(RevenueSource source) => revenue[(int)source];

    internal void Earn(RevenueSource source, double amount) => revenue[(int)source] += amount;
}
