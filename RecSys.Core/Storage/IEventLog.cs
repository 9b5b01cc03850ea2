using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>
/// The one log of everything that changes what is served. Its order is the order of commits. Posts go through the group commit in front of
/// it; one writer at a time reaches the store.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Appends in one transaction, on disk when the task completes. The store numbers new items, keeps their ids, refuses what it must
    /// (<see cref="AppendOutcome"/>) and puts events of the parking place behind the item that they waited for.
    /// </summary>
    /// <exception cref="RecSysException">A change breaks <see cref="RecordRules"/> (callers check first), or the store cannot be
    /// written.</exception>
    Task<LogAppend> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default);

    /// <summary>Entries behind a position, in order, up to the head at the time of the call.</summary>
    IAsyncEnumerable<LogEntry> ReadAfterAsync(long position, CancellationToken ct = default);

    Task<LogHead> ReadHeadAsync(CancellationToken ct = default);

    /// <summary>
    /// Records what the resolver found for the events behind <see cref="LogHead.Resolved"/> up to <paramref name="resolved"/>, once: if
    /// another resolver was there first, nothing is recorded.
    /// </summary>
    /// <param name="expected">Value of <see cref="LogHead.Resolved"/> that the caller resolved from.</param>
    /// <param name="resolved">Position up to which all contributions are known with this call.</param>
    /// <param name="contributions">By position; entries without one are left out.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <returns>False when <paramref name="expected"/> is not what is stored: somebody else resolves.</returns>
    Task<bool> RecordAsync(long expected, long resolved, IReadOnlyList<(long Position, Contribution Contribution)> contributions,
        CancellationToken ct = default);
}
