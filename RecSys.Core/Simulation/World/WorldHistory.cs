using System.Globalization;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.Behaviour;

namespace RecSys.Core.Simulation.World;

/// <summary>
/// The log before any model: lists of a plain mixture (half popular, three tenths from categories near the taste, the rest by chance), so
/// that a model has something to learn and popularity something to be beaten at.
/// </summary>
internal sealed class WorldHistory(WorldOptions options, WorldItems items, WorldUsers users, UserResponse response)
{
    private const double PopularShare = 0.5;
    private const double NearShare = 0.3;
    private readonly int[][] byCategory = ByCategory(items);
    private readonly List<int> clicked = [];

    public IEnumerable<Event> Generate()
    {
        var random = new Random(options.Seed + 2);
        var servable = Enumerable.Range(0, items.Items.Length).Where(i => items.Items[i] is { Available: true, Flagged: false }).ToArray();
        if (servable.Length == 0) yield break;
        var pending = new PriorityQueue<(Event Event, int Item), (DateTimeOffset Time, long Order)>();
        var order = 0L;
        var events = new List<(Event Event, int Item)>();
        var shown = new List<int>();
        foreach (var (time, user, number) in Requests(random))
        {
            while (pending.TryPeek(out _, out var next) && next.Time < time) yield return Out(pending.Dequeue());
            Choose(user, time, servable, shown, random);
            events.Clear();
            var device = random.NextDouble() < 0.85 ? users.MainDevice[user] : "mobile";
            response.To(user, CollectionsMarshal.AsSpan(shown), ids: null, time, "h_" + number.ToString(CultureInfo.InvariantCulture),
                device, random, events);
            foreach (var entry in events) pending.Enqueue(entry, (entry.Event.Time, order++));
        }
        while (pending.Count > 0) yield return Out(pending.Dequeue());
    }

    // Popularity is learnt from the events as they pass, never from those still to come.
    private Event Out((Event Event, int Item) entry)
    {
        if (entry.Event.Type == EventType.Click) clicked.Add(entry.Item);
        return entry.Event;
    }

    /// <summary>All requests in time order: sessions of one to a few pages at about the user's usual hour.</summary>
    private List<(DateTimeOffset Time, int User, int Number)> Requests(Random random)
    {
        var requests = new List<(long Ms, int User)>();
        var start = options.Start.ToUnixTimeMilliseconds();
        for (var user = 0; user < users.Users.Length; user++)
        {
            var perDay = Math.Min(12, options.SessionsPerUserPerDay * users.Activity[user]);
            for (var day = 0; day < options.Days; day++)
            {
                for (var due = perDay; due > 0; due--)
                {
                    if (due < 1 && random.NextDouble() >= due) break;
                    var hour = ((users.UsualHour[user] + 3 * Noise.Normal(random)) % 24 + 24) % 24;
                    var ms = start + (long)((day * 24 + hour) * 3_600_000);
                    do
                    {
                        requests.Add((ms, user));
                        ms += 20_000 + random.Next(100_000);
                    }
                    while (random.NextDouble() < 0.5);
                }
            }
        }
        var end = start + options.Days * 86_400_000L;
        requests.RemoveAll(request => request.Ms >= end);
        requests.Sort();
        return [.. requests.Select((request, number) => (DateTimeOffset.FromUnixTimeMilliseconds(request.Ms), request.User, number))];
    }

    private void Choose(int user, DateTimeOffset time, int[] servable, List<int> shown, Random random)
    {
        shown.Clear();
        var length = Math.Min(options.ListLength, servable.Length);
        for (var attempt = 0; shown.Count < length && attempt < 20 * length; attempt++)
        {
            var item = Pick(user, servable, random);
            if (items.Items[item].CreatedAt <= time && items.Items[item] is { Available: true, Flagged: false } && !shown.Contains(item))
                shown.Add(item);
        }
    }

    private int Pick(int user, int[] servable, Random random)
    {
        var draw = random.NextDouble();
        // An earlier click drawn evenly is an item drawn in proportion to its clicks.
        if (draw < PopularShare && clicked.Count > 50) return clicked[random.Next(clicked.Count)];
        if (draw < PopularShare + NearShare)
        {
            var favourites = users.Favourites[user];
            var category = byCategory[favourites[random.Next(favourites.Length)]];
            if (category.Length > 0) return category[random.Next(category.Length)];
        }
        return servable[random.Next(servable.Length)];
    }

    private static int[][] ByCategory(WorldItems items) =>
        [.. Enumerable.Range(0, WorldCategory.All.Count).Select(
            category => Enumerable.Range(0, items.Items.Length).Where(i => items.Categories[i] == category).ToArray())];
}
