using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>
/// Finds users whom no person would be, by three rules: too many events on one day, too many clicks within one minute of the clock, or
/// nearly everything clicked that was shown. Days and minutes are UTC, by the time that folds go by. Not thread-safe.
/// </summary>
internal sealed class BotRules(QualityOptions options)
{
    private const long MinuteMs = 60_000;
    private const long DayMs = 86_400_000;

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<(int User, int Day), int> eventsByDay = [];
    private readonly Dictionary<(int User, int Minute), int> clicksByMinute = [];
    private readonly List<(int Impressions, int Clicks)> shown = [];
    private readonly HashSet<int> bots = [];

    /// <summary>Users found so far.</summary>
    public int Count => bots.Count;

    /// <summary>Takes one event of the window; all are to be taken before the first user is asked for.</summary>
    /// <returns>A number of its user; -1 for nobody.</returns>
    public int Observe(Event e, long foldMs)
    {
        // What nobody did is nobody's.
        if (e.UserId.Length == 0) return -1;
        if (!numbers.TryGetValue(e.UserId, out var user))
        {
            numbers.Add(e.UserId, user = numbers.Count);
            shown.Add(default);
        }
        if (Increment(eventsByDay, (user, (int)(foldMs / DayMs))) > options.BotEventsPerDay) bots.Add(user);
        var (impressions, clicks) = shown[user];
        if (e.Type == EventType.Impression) shown[user] = (impressions + 1, clicks);
        if (e.Type != EventType.Click) return user;
        shown[user] = (impressions, clicks + 1);
        if (Increment(clicksByMinute, (user, (int)(foldMs / MinuteMs))) > options.BotClicksPerMinute) bots.Add(user);
        return user;
    }

    /// <summary>Ends the observation.</summary>
    public void Close()
    {
        for (var user = 0; user < shown.Count; user++)
        {
            var (impressions, clicks) = shown[user];
            if (impressions >= options.BotImpressions && clicks > options.BotClickShare * impressions) bots.Add(user);
        }
    }

    /// <param name="user">From <see cref="Observe"/>.</param>
    public bool IsBot(int user) => bots.Contains(user);

    /// <summary>How many events bots have had on which day, a moment of it, Unix milliseconds; a day may come more than once.</summary>
    public IEnumerable<(long TimeMs, int Count)> EventsByDay() =>
        eventsByDay.Where(each => bots.Contains(each.Key.User)).Select(each => (each.Key.Day * DayMs, each.Value));

    private static int Increment<T>(Dictionary<T, int> counts, T key)
        where T : notnull => ++CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
}
