using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>A shown list as an app reports it: nothing that only the truth knows.</summary>
internal sealed class SimulatedEvents(WorldParts parts)
{
    /// <summary>In time order; impressions first, unless the app reports none.</summary>
    public IReadOnlyList<Event> Of(ShownList list, bool isBot)
    {
        var events = new List<Event>();
        if (parts.Behaviour.ReportsImpressions)
        {
            for (var position = 0; position < list.Slots.Count; position++) Add(position, EventType.Impression, 0);
        }
        for (var position = 0; position < list.Slots.Count; position++)
        {
            var slot = list.Slots[position];
            // A list is read from top to bottom; a program reads ten places a second.
            var at = isBot ? 0.1 * (position + 1)
                : 1 + 2 * position + parts.Draws.Uniform(list.User, (int)list.Time.ToUnixTimeSeconds(), slot.Item, Purpose.ReadingTime);
            if (slot.IsClicked) AddClicked(position, slot, at);
            if (slot.Actions.HasFlag(ListActions.Hide)) Add(position, EventType.Hide, at + 0.7);
        }
        return [.. events.OrderBy(e => e.Time)];

        void AddClicked(int position, ShownSlot slot, double at)
        {
            var ad = parts.Truths.AdAmount[slot.Item];
            Add(position, EventType.Click, at, amount: ad > 0 ? ad : null, source: ad > 0 ? RevenueSource.AdClick : RevenueSource.None);
            var item = parts.Items.Items[slot.Item];
            if (item.DurationSeconds is { } duration)
                Add(position, slot.WatchedShare > 0.5 ? EventType.LongView : EventType.View, at + 0.05,
                    Math.Round(duration * slot.WatchedShare, 1));
            if (slot.Actions.HasFlag(ListActions.Like)) Add(position, EventType.Like, at + 0.3);
            if (slot.Actions.HasFlag(ListActions.Dislike)) Add(position, EventType.Dislike, at + 0.5);
            if (slot.Actions.HasFlag(ListActions.AddToCart)) Add(position, EventType.AddToCart, at + 0.8);
            if (slot.Actions.HasFlag(ListActions.Purchase))
                Add(position, EventType.Purchase, at + 9, amount: parts.Truths.SaleRevenue[slot.Item],
                    source: parts.Truths.Affiliate[slot.Item] ? RevenueSource.Affiliate : RevenueSource.Purchase);
            if (slot.Actions.HasFlag(ListActions.Subscribe))
                Add(position, EventType.Purchase, at + 15, amount: parts.Behaviour.Money.SubscriptionPrice,
                    source: RevenueSource.Subscription);
        }

        void Add(int position, EventType type, double seconds, double? value = null, double? amount = null,
            RevenueSource source = RevenueSource.None) => events.Add(new Event
            {
                Id = list.RequestId + "-" + events.Count.ToString("D3", CultureInfo.InvariantCulture),
                UserId = parts.Users.Users[list.User].Id,
                ItemId = parts.Items.Items[list.Slots[position].Item].Id,
                Type = type,
                Time = list.Time.AddMilliseconds(Math.Round(seconds * 1000)),
                Value = value,
                Amount = amount,
                Currency = amount is null ? null : parts.Behaviour.Money.Currency,
                RevenueSource = source,
                Position = position,
                RequestId = list.RequestId,
                SessionId = list.SessionId,
                Device = list.Device,
                Location = parts.Users.Users[list.User].Location,
            });
    }
}
