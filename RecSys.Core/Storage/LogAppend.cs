using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>What became of an append.</summary>
/// <param name="Results">One per change, in the order given.</param>
/// <param name="Entries">The new entries in order, those of events that had been parked included: exactly what
/// <see cref="IEventLog.ReadAfterAsync"/> would give.</param>
public sealed record LogAppend(IReadOnlyList<AppendResult> Results, IReadOnlyList<LogEntry> Entries);

/// <summary>What became of one change.</summary>
/// <param name="Outcome">Whether it was taken.</param>
/// <param name="Position">Its place in the log, or for a duplicate that of the first; 0 for what is not in the log.</param>
/// <param name="IsNew">True for an item or a profile of a user that was never stored before.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, long Position, bool IsNew = false);
