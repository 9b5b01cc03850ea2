using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>Features as served, of a sample of the requests: what the skew check compares with a replay of the log.</summary>
public interface IServedFeatureStore
{
    /// <summary>Stores the requests with their rows, all or none. A request id that is already stored keeps its first rows.</summary>
    /// <exception cref="RecSysException">A request breaks <see cref="RecordRules"/>.</exception>
    Task AppendAsync(IReadOnlyCollection<ServedFeatures> requests, CancellationToken ct = default);

    /// <summary>Requests from a moment on, the last stored first.</summary>
    /// <param name="since">Inclusive, by the time of the request; null for the beginning.</param>
    /// <param name="ct">Stops the enumeration.</param>
    IAsyncEnumerable<ServedFeatures> ReadAsync(DateTimeOffset? since, CancellationToken ct = default);

    /// <summary>Deletes the requests that arrived before <paramref name="time"/>.</summary>
    /// <returns>Number of requests deleted.</returns>
    Task<int> DeleteBeforeAsync(DateTimeOffset time, CancellationToken ct = default);
}
