namespace RecSys.Core.Domain;

/// <summary>
/// Which events of the log a folded state holds: all up to a position, in time order, as a server folds them when it starts, and behind them
/// those that were logged afterwards, in the order they were logged, up to and with one event.
/// </summary>
/// <param name="LogPosition">Position of the last event that was in the log at the start; 0 for an empty log.</param>
/// <param name="LastEventId">The latest event folded since; null while there is none.</param>
public sealed record FoldMark(long LogPosition, string? LastEventId);
