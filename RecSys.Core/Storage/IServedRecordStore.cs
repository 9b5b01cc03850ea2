using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Answered requests: append-only, outside the log, kept for a limited time.</summary>
public interface IServedRecordStore
{
    /// <summary>Stores the records, all or none. A request id that is already stored keeps its first record.</summary>
    /// <exception cref="RecSysException">The store cannot be written.</exception>
    Task AppendAsync(IReadOnlyList<ServedRecord> records, CancellationToken ct = default);

    /// <summary>The record of a request, or null when it is unknown or expired.</summary>
    Task<ServedRecord?> GetAsync(string requestId, CancellationToken ct = default);

    /// <summary>As <see cref="GetAsync"/>, with its place in the store.</summary>
    Task<StoredServedRecord?> FindAsync(string requestId, CancellationToken ct = default);

    /// <summary>Records stored behind a place, in the order in which they were stored.</summary>
    /// <param name="sequence">The place; 0 for the beginning.</param>
    /// <param name="most">Most records.</param>
    /// <param name="ct">Stops.</param>
    Task<IReadOnlyList<StoredServedRecord>> ReadAfterAsync(long sequence, int most, CancellationToken ct = default);

    /// <summary>
    /// The last place that was given; 0 of a store that never had a record. No place is given twice, whatever is deleted.
    /// </summary>
    Task<long> ReadEndAsync(CancellationToken ct = default);

    /// <summary>True when an impression of the list, reported by whom it was made for, is in the log up to a position.</summary>
    Task<bool> HasImpressionAsync(ServedRecord record, long position, CancellationToken ct = default);

    /// <summary>Records from a moment on, the last stored first.</summary>
    /// <param name="since">Inclusive, by the time of the request; null for the beginning.</param>
    /// <param name="ct">Stops the enumeration.</param>
    IAsyncEnumerable<ServedRecord> ReadAsync(DateTimeOffset? since, CancellationToken ct = default);

    /// <summary>Records of a span of time, oldest first.</summary>
    /// <param name="from">Inclusive, by the time of the request; null for the beginning.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="ct">Stops the enumeration.</param>
    IAsyncEnumerable<ServedRecord> ReadBetweenAsync(DateTimeOffset? from, DateTimeOffset to, CancellationToken ct = default);

    /// <summary>A user's records from a moment (inclusive) on, newest first.</summary>
    IAsyncEnumerable<ServedRecord> ReadUserAsync(string userId, DateTimeOffset since, CancellationToken ct = default);

    /// <summary>
    /// Records answered before a moment for whose request no event and no <see cref="ListShown"/> is in the log, oldest first. What was
    /// given once is not given again once its <see cref="ListShown"/> is in the log.
    /// </summary>
    Task<IReadOnlyList<ServedRecord>> ReadUnreportedAsync(DateTimeOffset servedBefore, int most, CancellationToken ct = default);

    /// <summary>
    /// Deletes the oldest records: all from before <paramref name="time"/>, and more while there are above <paramref name="most"/>.
    /// </summary>
    /// <returns>Number of records deleted.</returns>
    Task<long> DeleteAsync(DateTimeOffset time, long most, CancellationToken ct = default);
}
