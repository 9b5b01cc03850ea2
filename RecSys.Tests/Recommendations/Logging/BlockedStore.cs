using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Recommendations.Logging;

/// <summary>A store of served records that can be made to wait, as for a locked database, or to refuse.</summary>
internal sealed class BlockedStore : IServedRecordStore
{
    private readonly List<ServedRecord> records = [];
    private readonly TaskCompletionSource gate = new();

    public BlockedStore(bool open = false)
    {
        if (open) gate.SetResult();
    }

    public bool Refuses { get; set; }
    public List<(DateTimeOffset Time, long Most)> Deletions { get; } = [];

    /// <summary>Set once an append has begun to wait.</summary>
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ServedRecord> Records
    {
        get
        {
            lock (records) return [.. records];
        }
    }

    public void Open() => gate.TrySetResult();

    public async Task AppendAsync(IReadOnlyList<ServedRecord> batch, CancellationToken ct = default)
    {
        Entered.TrySetResult();
        await gate.Task;
        if (Refuses) throw new RecSysException("The disk is full.");
        lock (records) records.AddRange(batch);
    }

    public Task<long> DeleteAsync(DateTimeOffset time, long most, CancellationToken ct = default)
    {
        Deletions.Add((time, most));
        return Task.FromResult(0L);
    }

    public Task<ServedRecord?> GetAsync(string requestId, CancellationToken ct = default) =>
        Task.FromResult(Records.FirstOrDefault(r => r.RequestId == requestId));

    public async Task<StoredServedRecord?> FindAsync(string requestId, CancellationToken ct = default) =>
        (await ReadAfterAsync(0, int.MaxValue, ct)).FirstOrDefault(stored => stored.Record.RequestId == requestId);

    public Task<IReadOnlyList<StoredServedRecord>> ReadAfterAsync(long sequence, int most, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<StoredServedRecord>>(
            [.. Records.Select((record, i) => new StoredServedRecord(i + 1, record)).Skip((int)sequence).Take(most)]);

    public Task<long> ReadEndAsync(CancellationToken ct = default) => Task.FromResult((long)Records.Count);

    public Task<bool> HasImpressionAsync(ServedRecord record, long position, CancellationToken ct = default) => Task.FromResult(false);

    public IAsyncEnumerable<ServedRecord> ReadAsync(DateTimeOffset? since, CancellationToken ct = default) =>
        Records.Where(record => since is null || record.Time >= since).ToAsyncEnumerable();

    public IAsyncEnumerable<ServedRecord> ReadBetweenAsync(DateTimeOffset? from, DateTimeOffset to, CancellationToken ct = default) =>
        Records.Where(record => (from is null || record.Time >= from) && record.Time < to).ToAsyncEnumerable();

    public IAsyncEnumerable<ServedRecord> ReadUserAsync(string userId, DateTimeOffset since, CancellationToken ct = default) =>
        Records.Where(r => r.UserId == userId).ToAsyncEnumerable();

    public Task<IReadOnlyList<ServedRecord>> ReadUnreportedAsync(DateTimeOffset servedBefore, int most, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<ServedRecord>>([]);
}
