namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What users pay and what brings revenue, in <see cref="Currency"/>.</summary>
public sealed record MoneyOptions
{
    /// <summary>ISO 4217 code of all amounts.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>Times every price of the catalogue.</summary>
    public double PriceFactor { get; init; } = 1;

    /// <summary>Probability that a click becomes a purchase at the median price of its category and satisfaction 0.</summary>
    public double BuyRate { get; init; } = 0.06;

    /// <summary>Purchases fall with price to the power of minus this.</summary>
    public double Elasticity { get; init; } = 1.5;

    /// <summary>Mean of what users can spend in 30 days; single users differ log-normally with a spread of 0.8.</summary>
    public double MonthlyBudget { get; init; } = 150;

    /// <summary>Share of the items that an advertiser pays clicks for, and the mean amount of a click.</summary>
    public double AdShare { get; init; } = 0.1;
    public double AdAmount { get; init; } = 0.15;

    /// <summary>Share of the priced items that are sold elsewhere, and the share of their price that comes back.</summary>
    public double AffiliateShare { get; init; } = 0.1;
    public double Commission { get; init; } = 0.08;

    /// <summary>Price of 30 days; it does not touch the budget.</summary>
    public double SubscriptionPrice { get; init; } = 9.99;

    /// <summary>Probability that a click becomes a subscription at satisfaction 1 and mood 1; in proportion to both, from 0.</summary>
    public double SubscribeRate { get; init; } = 0.03;
}
