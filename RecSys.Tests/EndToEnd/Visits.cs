using RecSys.Core.Domain;

namespace RecSys.Tests.EndToEnd;

/// <summary>What a visitor reports: impressions in order, then clicks that come in late and out of order, as phones send them.</summary>
internal static class Visits
{
    public static List<Event> Make(string user, string[] shown, Random random)
    {
        // No event counts with a later time than that of its receipt, so these are of the past.
        var now = TimeProvider.System.GetUtcNow().AddSeconds(-5);
        var events = shown.Select((item, position) => One(EventType.Impression, item, now, position)).ToList();
        events.Add(One(EventType.Click, shown[random.Next(shown.Length)], now.AddSeconds(2), 1));
        events.Add(One(EventType.Like, shown[random.Next(shown.Length)], now.AddSeconds(-30), 0));
        events.Add(One(EventType.Click, "not-in-the-catalogue", now, 0));
        return events;

        Event One(EventType type, string item, DateTimeOffset time, int position) =>
            new() { Id = Guid.NewGuid().ToString(), UserId = user, ItemId = item, Type = type, Time = time, Position = position,
                Device = "mobile", Location = "SF" };
    }
}
