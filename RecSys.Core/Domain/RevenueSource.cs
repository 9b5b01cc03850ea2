namespace RecSys.Core.Domain;

/// <summary>Where the money of an event comes from. The numeric values are stored; append only.</summary>
public enum RevenueSource : byte
{
    /// <summary>The event carries no money.</summary>
    None = 0,
    AdClick = 1,
    Subscription = 2,
    Purchase = 3,
    Affiliate = 4,
}
