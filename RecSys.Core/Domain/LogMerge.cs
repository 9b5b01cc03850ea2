namespace RecSys.Core.Domain;

/// <summary>From a position of the log on, one user's events are another's, and what was kept of the first belongs to the second.</summary>
/// <param name="Position">Position of the merge.</param>
/// <param name="From">Ordinal of the user that is one no longer.</param>
/// <param name="Into">Ordinal of the user that it became.</param>
public readonly record struct LogMerge(long Position, int From, int Into);
