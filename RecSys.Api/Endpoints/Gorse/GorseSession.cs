using RecSys.Core.Domain;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>What a sitting of somebody whom nobody knows says.</summary>
internal static class GorseSession
{
    // What came before says less, and each costs a search.
    private const int Latest = 10;

    /// <summary>The items that were wanted last, at most ten, the latest first.</summary>
    public static IReadOnlyList<string> Wanted(IEnumerable<Event> events) =>
    [
        .. events.Where(e => (e.Meaning ?? EventTypes.MeaningOf(e.Type)) == EventMeaning.Positive).OrderByDescending(e => e.Time)
            .Select(e => e.ItemId).Distinct(StringComparer.Ordinal).Take(Latest),
    ];
}
