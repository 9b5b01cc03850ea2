namespace RecSys.Core.Domain;

/// <summary>Where a log stands.</summary>
/// <param name="Epoch">Raised by restore and failover; state from beyond the fork is refused.</param>
/// <param name="Position">Position of the last entry; 0 for an empty log.</param>
/// <param name="NextItem">Number that the next new item gets.</param>
/// <param name="Resolved">Contributions are recorded up to this position.</param>
public sealed record LogHead(long Epoch, long Position, int NextItem, long Resolved);
