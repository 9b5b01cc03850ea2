namespace RecSys.Core.Storage;

/// <summary>What is there to train on, and what is missing.</summary>
public interface IDataSurvey
{
    /// <summary>
    /// Counts over the whole store. Takes up to some seconds per ten million events; do not ask on the path of a request.
    /// </summary>
    Task<DataSurvey> SurveyAsync(CancellationToken ct = default);

    /// <summary>Events that wait because they name no known item, with examples and the likely cause; null when none do.</summary>
    Task<UnknownIds?> FindUnknownItemsAsync(CancellationToken ct = default);

    /// <summary>Events of a window, by the time they happened, that wait because they name no known item.</summary>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<long> CountUnknownItemsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct = default);

    /// <summary>
    /// Events of users without a profile, with examples and the likely cause; null when there are none, or nobody has a profile so that
    /// none is missing. Takes up to some seconds per ten million events.
    /// </summary>
    Task<UnknownIds?> FindUnknownUsersAsync(CancellationToken ct = default);

    /// <summary>
    /// The end of the bulk of the log: the latest event, unless what lies in the window before that is less than a thousandth of all
    /// events.
    /// Then single events with wild times stand far from the rest, and it is the last event before the gap. Null for a log without events.
    /// </summary>
    /// <param name="window">Length of the window that shall hang on it.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<DateTimeOffset?> FindEndAsync(TimeSpan window, CancellationToken ct = default);
}

/// <summary>Figures about the stored data.</summary>
/// <param name="Counts">How much there is.</param>
/// <param name="UsersWithoutEvents">Users with a profile of whom the log has no event.</param>
/// <param name="UsersWithoutProfile">Users of whom the log has events only.</param>
/// <param name="ItemsWithoutTitle">Items, removed ones left out.</param>
/// <param name="ItemsWithoutCategory">Items, removed ones left out.</param>
/// <param name="Impressions">Events that say an item was shown.</param>
/// <param name="ImpressionsWithPosition">Of them, those that say where.</param>
/// <param name="DaysCovered">Different days, UTC, on which events happened.</param>
/// <param name="EventsAheadOfClock">Events that claim to have happened after they were received.</param>
/// <param name="EventsAtMidnight">Events at exactly 00:00:00.000 UTC: where it is many, only days were known.</param>
/// <param name="EventsByType">By <see cref="Domain.EventTypes.ToName"/>; types that do not occur are absent.</param>
public sealed record DataSurvey(
    LogCounts Counts,
    long UsersWithoutEvents,
    long UsersWithoutProfile,
    long ItemsWithoutTitle,
    long ItemsWithoutCategory,
    long Impressions,
    long ImpressionsWithPosition,
    int DaysCovered,
    long EventsAheadOfClock,
    long EventsAtMidnight,
    IReadOnlyDictionary<string, long> EventsByType)
{
    /// <summary>Events that wait because they name no known item; null when none do.</summary>
    public UnknownIds? UnknownItems { get; init; }

    /// <summary>Events of users without a profile; null when there are none, or nobody has a profile so that none is missing.</summary>
    public UnknownIds? UnknownUsers { get; init; }
}
