using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Truth;

/// <summary>The exact expectation of everything that a list may bring about; formulas in docs/simulation.md.</summary>
internal static class ListValuation
{
    public static ListValue Of(WorldParts parts, ListMoment moment, ReadOnlySpan<int> items)
    {
        var returns = parts.Behaviour.Returns;
        var (clicks, satisfaction, ads, sales, commissions, purchases, subscriptions) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        var (noSale, noSubscription) = (1.0, 1.0);
        // Products over places: nobody clicks; the user stays; the user stays, times exp(gain x rate x satisfaction).
        var (noClick, stays, coming) = (1.0, 1.0, 1.0);
        for (var position = 0; position < items.Length; position++)
        {
            var item = items[position];
            var click = ClickModel.Examination(position) * moment.Attraction(item);
            var had = moment.Satisfaction(item);
            clicks += click;
            satisfaction += click * had;
            ads += click * moment.AdAmount(item);
            var sale = click * moment.Buying(item, had);
            purchases += noSale * sale;
            if (parts.Truths.Affiliate[item]) commissions += noSale * sale * moment.SaleRevenue(item);
            else sales += noSale * sale * moment.SaleRevenue(item);
            noSale *= 1 - sale;
            var subscription = click * moment.Subscribing(had);
            subscriptions += noSubscription * subscription * moment.SubscriptionPrice;
            noSubscription *= 1 - subscription;
            var stay = 1 - moment.Leaving(had);
            noClick *= 1 - click;
            stays *= 1 - click + click * stay;
            coming *= 1 - click + click * stay * Math.Exp(returns.ReturnGain * returns.MoodRate * had);
        }
        var stayEmpty = 1 - moment.LeavingEmptyList;
        coming += noClick * (stayEmpty * Math.Exp(-returns.ReturnGain * returns.MoodRate * returns.EmptyListCost) - 1);
        return new ListValue
        {
            Clicks = clicks,
            Satisfaction = satisfaction,
            Purchases = purchases,
            AdRevenue = ads,
            PurchaseRevenue = sales,
            AffiliateRevenue = commissions,
            SubscriptionRevenue = subscriptions,
            Leaves = 1 - stays - noClick * (stayEmpty - 1),
            SessionsNextDay = coming * parts.SessionRate(moment.User)
                * Math.Exp(returns.ReturnGain * (1 - returns.MoodRate) * moment.State.Mood),
        };
    }
}
