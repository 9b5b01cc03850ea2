using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Protocols;

/// <summary>A log that is in memory, such as a part of one, for whoever reads it from a store.</summary>
internal sealed class LogInMemory(InteractionLog log) : IInteractionLogReader
{
    public Task<InteractionLogReading> ReadWithCountsAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct = default)
    {
        var (first, end) = (from?.ToUnixTimeMilliseconds() ?? long.MinValue, to?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        var window = from is null && to is null ? log : log.Where(e => e.TimeMs >= first && e.TimeMs < end);
        return Task.FromResult(new InteractionLogReading(window, EventsOnUnknownItems: 0, ImplicitUsers: 0));
    }

    public Task<IReadOnlyList<string?>> RequestIdsAsync(IReadOnlyList<long> positions, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<string?>>(new string?[positions.Count]);
}
