using System.Globalization;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>How far the times of a log tell what came before what: where they do not, figures of a sequence may flatter.</summary>
/// <param name="Choices">Test choices.</param>
/// <param name="TiedWithOwn">Of these, at a moment at which the same user chose another item, too; their order is drawn.</param>
/// <param name="TiedWithAny">Of these, at a moment at which somebody else did something.</param>
/// <param name="Suspicion">Why the times look made up; null where they do not.</param>
public sealed record TimeQuality(
    [property: JsonPropertyName("choices")] int Choices,
    [property: JsonPropertyName("tied_with_own")] int TiedWithOwn,
    [property: JsonPropertyName("tied_with_any")] int TiedWithAny,
    [property: JsonPropertyName("suspicion"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Suspicion)
{
    /// <summary>The order of a user's choices of one moment is drawn, see <see cref="TiedTimes"/>.</summary>
    public const string BySeed = "seed";

    /// <summary>It is that of the files that were imported.</summary>
    public const string ByFile = "file";

    /// <summary><see cref="BySeed"/> or <see cref="ByFile"/>.</summary>
    [JsonPropertyName("ties_by")]
    public string TiesBy { get; init; } = ByFile;

    // Of so many moments chance does not make all gaps alike.
    private const int EnoughMoments = 100;
    private const double MostlyShare = 0.95;
    private const long DayMs = 86_400_000;

    /// <param name="log">The log in time order.</param>
    /// <param name="choices">Indexes of the test choices.</param>
    public static TimeQuality Of(InteractionLog log, ReadOnlySpan<int> choices)
    {
        var (own, any, end) = (0, 0, 0);
        var events = log.Events;
        var ascending = choices.ToArray();
        Array.Sort(ascending);
        // What each user chose at the moment that is looked at: an item, and whether there was another.
        var chosen = new Dictionary<int, (int Item, bool Others)>();
        foreach (var choice in ascending)
        {
            if (choice >= end)
            {
                chosen.Clear();
                var first = choice;
                while (first > 0 && events[first - 1].TimeMs == events[choice].TimeMs) first--;
                for (end = first; end < events.Length && events[end].TimeMs == events[choice].TimeMs; end++) Note(chosen, events[end]);
            }
            var (item, others) = chosen[events[choice].User];
            if (others || (item >= 0 && item != events[choice].Item)) own++;
            if (chosen.Count > 1) any++;
        }
        return new TimeQuality(choices.Length, own, any, Suspect(events));
    }

    private static void Note(Dictionary<int, (int Item, bool Others)> chosen, in LogEvent e)
    {
        var (item, others) = chosen.GetValueOrDefault(e.User, (-1, false));
        if (e.IsPositive) (item, others) = item < 0 ? (e.Item, false) : (item, others || item != e.Item);
        chosen[e.User] = (item, others);
    }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var order = TiesBy == BySeed ? "is drawn by the seed" : "is that of the file, whose neighbours may leak";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{TiedWithOwn:N0} of {Choices:N0} test choices share their moment with another "
                + $"choice of the same user, {TiedWithAny:N0} with\nevents of others; the order of a user's own {order}.");
        return Suspicion is null ? text
            : $"{text}\nThe times look made up: {Suspicion}. What is close in the file is then close in time,\nwhich is no knowledge that "
                + "a server has; figures of models that look at order, neighbours or recency may be too good.";
    }

    private static string? Suspect(ReadOnlySpan<LogEvent> events)
    {
        var gaps = new Dictionary<long, int>();
        var (moments, wholeDays) = (0, 0);
        for (var i = 0; i < events.Length; i++)
        {
            wholeDays += events[i].TimeMs % DayMs == 0 ? 1 : 0;
            if (i > 0 && events[i].TimeMs == events[i - 1].TimeMs) continue;
            moments++;
            if (i == 0) continue;
            var gap = events[i].TimeMs - events[i - 1].TimeMs;
            gaps[gap] = gaps.GetValueOrDefault(gap) + 1;
        }
        if (events.Length > 1 && moments == 1) return "all events have one time";
        if (events.Length > EnoughMoments && wholeDays >= MostlyShare * events.Length) return "they are whole days";
        if (moments < EnoughMoments) return null;
        var (usual, times) = gaps.MaxBy(gap => gap.Value);
        return times >= MostlyShare * (moments - 1)
            ? string.Create(CultureInfo.InvariantCulture, $"moments lie {usual:N0} ms apart, one like the other") : null;
    }
}
