namespace RecSys.Core.Simulation.Truth;

/// <summary>What a list is worth in expectation, exactly, given all that its reader did before.</summary>
public sealed record ListValue
{
    public required double Clicks { get; init; }

    /// <summary>Sum over the clicked items, each from -1 to 1.</summary>
    public required double Satisfaction { get; init; }

    /// <summary>Probability of a purchase, own or affiliate; there is at most one.</summary>
    public required double Purchases { get; init; }
    public required double AdRevenue { get; init; }
    public required double PurchaseRevenue { get; init; }
    public required double AffiliateRevenue { get; init; }
    public required double SubscriptionRevenue { get; init; }
    public double Revenue => AdRevenue + PurchaseRevenue + AffiliateRevenue + SubscriptionRevenue;

    /// <summary>Probability that the user leaves for good because of this list.</summary>
    public required double Leaves { get; init; }

    /// <summary>Expected sessions on the next day, if this is the day's last list.</summary>
    public required double SessionsNextDay { get; init; }
}
