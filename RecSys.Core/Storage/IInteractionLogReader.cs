using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>The columnar path for training and evaluation: all users and items, and the events of a window in compact form.</summary>
public interface IInteractionLogReader
{
    /// <summary>
    /// Reads a window with what was left out or added. Items have their lasting numbers, users ordinals in the order they were first
    /// stored; events are in the order of their positions, each with the time that folds go by (<see cref="LogEntry.FoldMs"/>), by which
    /// the window is meant, too. Events of erased users have the user -1; behind a merge the events of a visitor are those of whom it
    /// became (<see cref="InteractionLog.Merges"/>).
    /// </summary>
    /// <param name="from">Inclusive; null for the beginning.</param>
    /// <param name="to">Exclusive; null for the end.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default);

    /// <summary>Request ids of events, in the order of their positions in the log as given; null where an event has none.</summary>
    Task<IReadOnlyList<string?>> RequestIdsAsync(IReadOnlyList<long> positions, CancellationToken ct = default);

    /// <summary>As <see cref="ReadWithCountsAsync"/>, for callers to whom the counts do not matter.</summary>
    async Task<InteractionLog> ReadAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default) =>
        (await ReadWithCountsAsync(from, to, ct)).Log;
}

/// <summary>A window of the log and how far the store's users and items covered it.</summary>
/// <param name="Log">The window.</param>
/// <param name="EventsOnUnknownItems">Events of the window that wait beside the log because their item is not stored.</param>
/// <param name="ImplicitUsers">Users that occur only in events; they stand behind the stored ones, with nothing but an id.</param>
public sealed record InteractionLogReading(InteractionLog Log, long EventsOnUnknownItems, int ImplicitUsers)
{
    /// <summary>Position of the last entry of the log, whatever it is; 0 for an empty log.</summary>
    public long LastPosition { get; init; }

    /// <summary>Epoch of the log.</summary>
    public long Epoch { get; init; }
}
