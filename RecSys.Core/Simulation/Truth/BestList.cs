using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Core.Simulation.Truth;

/// <summary>
/// The best list for an objective. Clicks and satisfaction are sums over places of examination x attraction x gain, and examination falls
/// with the place, so sorting by attraction x gain is exact (rearrangement inequality). Of revenue the sum ignores that only a list's first
/// purchase and subscription happen: the list found is worth at least (1 - p) of the best one, p being the chance that either happens.
/// </summary>
internal static class BestList
{
    /// <summary>Fills <paramref name="top"/> with the best of the candidates.</summary>
    public static void Find(ListMoment moment, ReadOnlySpan<int> candidates, Objective objective, TopItems top)
    {
        top.Clear();
        // A click is less likely than its odds say, and without money it is worth at most this: most items need no exponential.
        var most = objective.Revenue == 0 ? Math.Max(0, objective.Click) + Math.Abs(objective.Satisfaction) : double.PositiveInfinity;
        var (threshold, least) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var item in candidates)
        {
            var odds = moment.Odds(item);
            if (odds < least) continue;
            var value = Gain(moment, item, objective) / (1 + Math.Exp(-odds));
            if (value <= threshold) continue;
            top.Offer(item, value);
            threshold = top.Threshold;
            least = threshold > 0 ? Math.Log(threshold / most) : double.NegativeInfinity;
        }
    }

    /// <summary>What a click on the item is worth.</summary>
    private static double Gain(ListMoment moment, int item, Objective objective)
    {
        if (objective is { Satisfaction: 0, Revenue: 0 }) return objective.Click;
        var satisfaction = moment.Satisfaction(item);
        var gain = objective.Click + objective.Satisfaction * satisfaction;
        return objective.Revenue == 0 ? gain : gain + objective.Revenue * Revenue(moment, item, satisfaction);
    }

    private static double Revenue(ListMoment moment, int item, double satisfaction) => moment.AdAmount(item)
        + moment.Buying(item, satisfaction) * moment.SaleRevenue(item) + moment.Subscribing(satisfaction) * moment.SubscriptionPrice;
}
