using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Truth;

/// <summary>One figure of a run.</summary>
/// <param name="Name">As in reports.</param>
/// <param name="Of">Computes it.</param>
public sealed record RunMetric(string Name, Func<RunTotals, double> Of)
{
    public static IReadOnlyList<RunMetric> All { get; } =
    [
        new("clicks_per_list", run => run.Days.Sum(day => day.Clicks) / (double)Math.Max(1, run.Days.Sum(day => day.Lists))),
        new("satisfaction_per_list", run => run.Days.Sum(day => day.Satisfaction) / Math.Max(1, run.Days.Sum(day => day.Lists))),
        PerUser("clicks_per_user", day => day.Clicks),
        PerUser("satisfaction_per_user", day => day.Satisfaction),
        PerUser("sessions_per_user", day => day.Sessions),
        new("active_on_last_day", run => run.Days[^1].ActiveUsers / (double)run.Users),
        PerUser("left_for_good", day => day.Left),
        PerUser("hides_per_user", day => day.Hides),
        PerUser("purchases_per_user", day => day.Purchases),
        PerUser("revenue_per_user", day => day.TotalRevenue),
        PerUser("revenue_ad_click", day => day.Revenue(RevenueSource.AdClick)),
        PerUser("revenue_subscription", day => day.Revenue(RevenueSource.Subscription)),
        PerUser("revenue_purchase", day => day.Revenue(RevenueSource.Purchase)),
        PerUser("revenue_affiliate", day => day.Revenue(RevenueSource.Affiliate)),
    ];

    private static RunMetric PerUser(string name, Func<DayTotals, double> of) => new(name, run => run.Days.Sum(of) / run.Users);
}
