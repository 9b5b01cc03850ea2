using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>The append-only event log. Users and items of an event need not be known.</summary>
public interface IEventStore
{
    /// <summary>
    /// Appends in one transaction, on disk when the task completes. An event whose id is already stored, or occurs
    /// earlier in the batch, changes nothing and is a <see cref="AppendOutcome.Duplicate"/>.
    /// </summary>
    /// <returns>One outcome per event, in the order given.</returns>
    /// <exception cref="RecSysException">An event breaks <see cref="RecordRules"/>; nothing of the batch is stored.</exception>
    Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyCollection<Event> events, CancellationToken ct = default);

    /// <summary>Events in time order, those of one millisecond in the order they were stored.</summary>
    /// <param name="from">Inclusive; null for the beginning.</param>
    /// <param name="to">Exclusive; null for the end.</param>
    /// <param name="ct">Stops the enumeration.</param>
    IAsyncEnumerable<Event> ReadAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default);

    /// <summary>What the log covers, or null while it is empty.</summary>
    Task<EventSpan?> GetSpanAsync(CancellationToken ct = default);

    Task<long> CountAsync(CancellationToken ct = default);
}

/// <summary>Coverage of the event log.</summary>
/// <param name="First">Time of the earliest event, UTC.</param>
/// <param name="Last">Time of the latest event, UTC.</param>
/// <param name="Count">Number of events.</param>
public sealed record EventSpan(DateTimeOffset First, DateTimeOffset Last, long Count);
