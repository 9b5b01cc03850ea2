using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Contracts;

/// <summary>Something about the data, and what to do.</summary>
/// <param name="Level"><c>blocking</c>, <c>warning</c> or <c>hint</c>.</param>
/// <param name="Code">Stable word.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do.</param>
public sealed record DataRemark(string Level, string Code, string Found, string Advice)
{
    internal static IReadOnlyList<DataRemark> Of(DataSurvey s)
    {
        var remarks = new List<DataRemark>();
        void Add(bool applies, string level, string code, string found, string advice)
        {
            if (applies) remarks.Add(new DataRemark(level, code, found, advice));
        }

        var positives = s.EventsByType.Where(entry => EventTypes.TryParse(entry.Key, out var type) && type.IsPositive())
            .Sum(entry => entry.Value);
        Add(s.Counts.Items == 0, "blocking", "no_items", "No items are stored.",
            "Add items with PUT /items/{id}, POST /bulk/items or import.");
        Add(positives == 0, "blocking", "no_positive_events", "No event says that a user wanted an item.",
            "Report clicks, views or purchases with POST /events, or import a history.");
        if (s.UnknownItems is { } items)
            Add(true, "warning", "events_on_unknown_items",
                $"{Of(items.Events, s.Counts.Events + items.Events)} events wait for items that are not stored, such as {items.Quoted()}.",
                Sentence(items.Cause));
        if (s.UnknownUsers is { } users)
            Add(true, "hint", "events_of_unknown_users",
                $"{Of(users.Events, s.Counts.Events)} events are of users without a profile, such as {users.Quoted()}.",
                Sentence(users.Cause));
        Add(s.Impressions == 0 && positives > 0, "hint", "no_impressions", "No event says what was shown.",
            "Report impressions with their position and request_id: then the ranker learns from what was shown and not chosen, too.");
        Add(s.Impressions > 0 && s.ImpressionsWithPosition * 2 < s.Impressions, "hint", "impressions_without_position",
            $"{Share(s.Impressions - s.ImpressionsWithPosition, s.Impressions)} of the impressions do not say where the item stood.",
            "Send position (0 for the first place).");
        Add(s.ItemsWithoutTitle > 0, "hint", "items_without_title", Count(s.ItemsWithoutTitle, "items have no title"),
            "Give them one; texts are what new items are known by.");
        Add(s.ItemsWithoutCategory > 0, "hint", "items_without_category", Count(s.ItemsWithoutCategory, "items have no category"),
            "Give them one; diversity and affinities go by it.");
        Add(s.UsersWithoutEvents > 0, "hint", "users_without_events", Count(s.UsersWithoutEvents, "users have a profile and no event"),
            "Nothing to do if they are new; otherwise compare the user ids of events and profiles.");
        Add(s.Counts.Events > 0 && s.DaysCovered < 3, "warning", "few_days", Count(s.DaysCovered, "days have events"),
            "Models are tested on later days than they learn from: collect a week.");
        Add(s.EventsAheadOfClock > 0, "warning", "clock_ahead",
            Count(s.EventsAheadOfClock, "events claim to have happened after they were received"),
            "Set the senders' clocks; such events count as of their arrival.");
        Add(s.Counts.Events > 0 && s.EventsAtMidnight * 2 > s.Counts.Events, "warning", "only_dates",
            Count(s.EventsAtMidnight, "events happened at exactly midnight UTC"),
            "If only days are known, the order within a day is lost; send full times.");
        return [.. remarks.OrderBy(remark => remark.Level switch { "blocking" => 0, "warning" => 1, _ => 2 })];
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}.");

    private static string Of(long part, long whole) => string.Create(CultureInfo.InvariantCulture, $"{part:N0} of {whole:N0}");

    private static string Sentence(string cause) => $"{char.ToUpperInvariant(cause[0])}{cause[1..]}.";

    private static string Share(long part, long whole) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:F0} %");
}
