using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.World;

namespace RecSys.Core.Simulation.Behaviour;

/// <summary>Turns a shown list into events by the click model and what usually follows a click.</summary>
internal sealed class UserResponse(ClickModel clicks, WorldItems items, WorldUsers users)
{
    /// <summary>In place of the ordinal of an item that the world does not have: it is looked at, and nothing follows.</summary>
    public const int Stranger = -1;

    /// <summary>Adds the events of one list with the ordinals of their items; impressions first, then item by item.</summary>
    /// <param name="user">Ordinal of the user.</param>
    /// <param name="shown">Ordinals of the items by position.</param>
    /// <param name="ids">Ids of the items by position; null where no item is a <see cref="Stranger"/>.</param>
    /// <param name="time">When the list is shown.</param>
    /// <param name="requestId">The request that showed it.</param>
    /// <param name="device">Name of the device.</param>
    /// <param name="random">Source of chance.</param>
    /// <param name="events">What the events are added to.</param>
    public void To(int user, ReadOnlySpan<int> shown, IReadOnlyList<string>? ids, DateTimeOffset time, string requestId, string device,
        Random random, List<(Event Event, int Item)> events)
    {
        var number = 0;
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
        for (var position = 0; position < shown.Length; position++) Add(shown[position], EventType.Impression, 0, position);
        for (var position = 0; position < shown.Length; position++)
        {
            var item = shown[position];
            if (item == Stranger) continue;
            var attraction = clicks.Attraction(user, item, time);
            var draw = random.NextDouble();
            if (draw < ClickModel.Examination(position) * attraction) Clicked(item, position, attraction);
            else if (random.NextDouble() < 0.002 * (1 - attraction)) Add(item, EventType.Hide, 3 + position, position);
        }

        void Clicked(int item, int position, double attraction)
        {
            // The list is read from top to bottom.
            var at = 1 + position * 2 + random.NextDouble();
            Add(item, EventType.Click, at, position);
            if (items.Items[item].DurationSeconds is { } duration)
            {
                var share = Math.Clamp(attraction * 1.2 + 0.25 * Noise.Normal(random), 0.02, 1);
                Add(item, share > 0.5 ? EventType.LongView : EventType.View, at + 0.5, position, Math.Round(duration * share, 1));
            }
            if (random.NextDouble() < 0.25 * attraction) Add(item, EventType.Like, at + 2, position);
            if (items.Items[item].Price is not { } price || random.NextDouble() >= 0.12) return;
            Add(item, EventType.AddToCart, at + 4, position);
            if (random.NextDouble() < 0.35) Add(item, EventType.Purchase, at + 9, position, price);
        }

        void Add(int item, EventType type, double seconds, int position, double? value = null) => events.Add((new Event
        {
            Id = requestId + "-" + number++.ToString("D3", CultureInfo.InvariantCulture),
            UserId = users.Users[user].Id,
            ItemId = item == Stranger ? ids![position] : items.Items[item].Id,
            Type = type,
            Time = seconds == 0 ? moment : moment.AddMilliseconds(Math.Round(seconds * 1000)),
            Value = value,
            Position = position,
            RequestId = requestId,
            Device = device,
            Location = users.Users[user].Location,
        }, item));
    }
}
