using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.EndToEnd;

/// <summary>A log that is read with other changes than it holds.</summary>
internal sealed class AlteredLog(IEventLog log, Func<LogChange, LogChange> altered) : IEventLog
{
    public Task<LogAppend> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<LogEntry> ReadAfterAsync(long position, CancellationToken ct = default) =>
        log.ReadAfterAsync(position, ct).Select(entry => entry with { Change = altered(entry.Change) });

    public Task<LogHead> ReadHeadAsync(CancellationToken ct = default) => log.ReadHeadAsync(ct);

    public Task<bool> RecordAsync(long expected, long resolved, IReadOnlyList<(long Position, Contribution Contribution)> contributions,
        CancellationToken ct = default) =>
        throw new NotSupportedException();
}
