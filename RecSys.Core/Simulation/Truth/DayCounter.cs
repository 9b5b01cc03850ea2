using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Truth;

/// <summary>Adds shown lists to the totals of a day.</summary>
internal sealed class DayCounter(WorldParts parts, int day)
{
    public DayTotals Totals { get; } = new(day);

    public void Count(ShownList list, ListOutcome outcome, VisitorState state, Visit visit)
    {
        if (state.IsBot)
        {
            Totals.BotClicks += outcome.Clicks;
            return;
        }
        if (state.ListsToday == 1) Totals.ActiveUsers++;
        if (visit.Page == 0) Totals.Sessions++;
        Totals.Lists++;
        Totals.Impressions += list.Slots.Count;
        Totals.Clicks += outcome.Clicks;
        Totals.Satisfaction += outcome.Satisfaction;
        if (outcome.Leaves) Totals.Left++;
        foreach (ref readonly var slot in list.Places)
        {
            if (slot.Kind == SlotKind.Explored) Totals.Explored++;
            if (slot.Actions != ListActions.None) Count(slot);
        }
    }

    private void Count(in ShownSlot slot)
    {
        var item = slot.Item;
        if (slot.IsClicked) Totals.Earn(RevenueSource.AdClick, parts.Truths.AdAmount[item]);
        if (slot.Actions.HasFlag(ListActions.Hide)) Totals.Hides++;
        if (slot.Actions.HasFlag(ListActions.Purchase))
        {
            Totals.Purchases++;
            Totals.Earn(parts.Truths.Affiliate[item] ? RevenueSource.Affiliate : RevenueSource.Purchase, parts.Truths.SaleRevenue[item]);
        }
        if (!slot.Actions.HasFlag(ListActions.Subscribe)) return;
        Totals.Subscriptions++;
        Totals.Earn(RevenueSource.Subscription, parts.Behaviour.Money.SubscriptionPrice);
    }
}
