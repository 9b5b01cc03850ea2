using RecSys.Core.Domain;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// What each user was shown within the dedup window before a moment of the log, as serving leaves it out. Of what was shown before the log
/// begins nothing is known. Reuses its buffers; not thread-safe.
/// </summary>
internal sealed class ShownLately
{
    private readonly Dictionary<int, List<(int Index, int Item, long TimeMs)>> shown = [];
    private readonly HashSet<int> items = [];
    private readonly long windowMs;

    /// <param name="log">Its impressions count.</param>
    /// <param name="requests">Indexes of the events whose users are asked about.</param>
    /// <param name="days">Length of the window, as <see cref="Policy.DedupDays"/>.</param>
    public ShownLately(InteractionLog log, IReadOnlyList<int> requests, double days)
    {
        windowMs = (long)TimeSpan.FromDays(days).TotalMilliseconds;
        var events = log.Events;
        foreach (var request in requests) shown.TryAdd(events[request].User, []);
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].IsImpression && shown.TryGetValue(events[i].User, out var own)) own.Add((i, events[i].Item, events[i].TimeMs));
        }
    }

    /// <summary>Items of the latest <see cref="Begin"/>.</summary>
    public int Count => items.Count;

    /// <summary>Looks up what the user of an event was shown before it.</summary>
    /// <param name="index">Of the event in the log; neither it nor what comes after it counts.</param>
    /// <param name="e">The event, of a user that was announced.</param>
    public void Begin(int index, in LogEvent e)
    {
        items.Clear();
        foreach (var (at, item, timeMs) in shown[e.User])
        {
            if (at >= index) break;
            if (timeMs >= e.TimeMs - windowMs) items.Add(item);
        }
    }

    /// <summary>Whether the item was shown.</summary>
    public bool Contains(int item) => items.Contains(item);
}
