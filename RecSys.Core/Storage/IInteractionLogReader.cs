using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>The columnar path for training and evaluation: all users and items, and the events of a window in compact form.</summary>
public interface IInteractionLogReader
{
    /// <summary>
    /// Reads a window with what was left out or added. Users and items have ordinals in the order they were first stored;
    /// events are in time order, those of one millisecond in the order they were stored.
    /// </summary>
    /// <param name="from">Inclusive; null for the beginning.</param>
    /// <param name="to">Exclusive; null for the end.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default);

    /// <summary>Reads the whole log with the position of each event, by which a replay can stop where a server's state was.</summary>
    /// <param name="eventIds">Events whose positions are asked for beside; ids that are not in the log are left out.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<PositionedLog> ReadWithPositionsAsync(IReadOnlyCollection<string> eventIds, CancellationToken ct = default);

    /// <summary>As <see cref="ReadWithCountsAsync"/>, for callers to whom the counts do not matter.</summary>
    async Task<InteractionLog> ReadAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default) =>
        (await ReadWithCountsAsync(from, to, ct)).Log;
}

/// <summary>A window of the log and how far the store's users and items covered it.</summary>
/// <param name="Log">The window.</param>
/// <param name="EventsOnUnknownItems">Events of the window that are left out because their item is not stored.</param>
/// <param name="ImplicitUsers">Users that occur only in events; they stand behind the stored ones, with nothing but an id.</param>
public sealed record InteractionLogReading(InteractionLog Log, long EventsOnUnknownItems, int ImplicitUsers)
{
    /// <summary>Position of the event that was logged last, whether or not it is in the window; 0 for an empty log.</summary>
    public long LastPosition { get; init; }
}

/// <summary>The log with positions: numbers that grow in the order in which events were logged and never change.</summary>
/// <param name="Reading">The whole log.</param>
/// <param name="Positions">One per event of the log.</param>
/// <param name="PositionsById">Of the events asked for that are in the log.</param>
public sealed record PositionedLog(InteractionLogReading Reading, IReadOnlyList<long> Positions, IReadOnlyDictionary<string, long> PositionsById);
