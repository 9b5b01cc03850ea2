using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>The lists that were answered, for explanation, deduplication and off-policy evaluation.</summary>
public interface IServedListStore
{
    /// <summary>Stores the lists, all or none. A request id that is already stored keeps its first list.</summary>
    Task AppendAsync(IReadOnlyCollection<ServedList> lists, CancellationToken ct = default);

    /// <summary>The list of a request, or null when the request is unknown.</summary>
    Task<ServedList?> GetAsync(string requestId, CancellationToken ct = default);

    /// <summary>A user's lists from <paramref name="since"/> (inclusive) on, newest first.</summary>
    IAsyncEnumerable<ServedList> ReadUserAsync(string userId, DateTimeOffset since, CancellationToken ct = default);
}
