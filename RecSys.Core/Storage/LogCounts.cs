namespace RecSys.Core.Storage;

/// <summary>How much is stored.</summary>
/// <param name="Items">Items that are not removed.</param>
/// <param name="RemovedItems">Tombstones.</param>
/// <param name="Users">Users with a profile.</param>
/// <param name="Events">Events in the log.</param>
/// <param name="Parked">Events that wait for their items.</param>
/// <param name="FirstEvent">Time of the earliest event, UTC; null without events.</param>
/// <param name="LastEvent">Time of the latest event, UTC; null without events.</param>
public sealed record LogCounts(
    long Items, long RemovedItems, long Users, long Events, long Parked, DateTimeOffset? FirstEvent, DateTimeOffset? LastEvent);
