using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>All that is stored about one user, for the user to have.</summary>
public interface IUserArchive
{
    /// <summary>
    /// Everything about the user and about visitors who turned out to be this user; empty when nothing is known. Of an erased user the
    /// erasure alone, also while its entries are being stripped.
    /// </summary>
    Task<UserArchive> ReadAsync(string userId, CancellationToken ct = default);

    /// <summary>The user's id and those of visitors who turned out to be this user.</summary>
    Task<IReadOnlyList<string>> ReadIdsAsync(string userId, CancellationToken ct = default);

    /// <summary>
    /// The latest events in the log of the user and of visitors who turned out to be this user, newest first; none of an erased user.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<LogEntry>> ReadLatestEventsAsync(string userId, int most, CancellationToken ct = default);

    /// <summary>
    /// What the log says of the user, and of visitors who turned out to be this user, up to a position, in order; nothing of an erased
    /// user.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="position">Position of the last entry that counts.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<LogEntry>> ReadEntriesAsync(string userId, long position, CancellationToken ct = default);

    /// <summary>
    /// Ids of users that the log knows and that begin with a text, in the order of their characters, without erased ones.
    /// </summary>
    /// <param name="prefix">1 character or more, as ids are written: case counts.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<string>> FindIdsAsync(string prefix, int most, CancellationToken ct = default);
}

/// <summary>What is stored about a user.</summary>
/// <param name="Ids">The user's id and those that were merged into it.</param>
/// <param name="Entries">Entries of the log that name one of the ids, in order.</param>
/// <param name="Parked">Events that wait for their items.</param>
/// <param name="Served">Lists that were answered, newest first.</param>
/// <param name="States">Folded states in their binary form.</param>
/// <param name="DeadLetters">Events that could not be handled.</param>
public sealed record UserArchive(
    IReadOnlyList<string> Ids,
    IReadOnlyList<LogEntry> Entries,
    IReadOnlyList<Event> Parked,
    IReadOnlyList<ServedRecord> Served,
    IReadOnlyList<StoredUserState> States,
    IReadOnlyList<DeadLetter> DeadLetters);
