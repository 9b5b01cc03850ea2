using System.Runtime.CompilerServices;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Fixtures;

/// <summary>
/// The log in memory, with the rules of the stored one: positions without gaps, lasting item numbers, event ids taken once, events parked
/// until their item comes, erased users without a subject, contributions recorded once. It fails on command.
/// </summary>
internal sealed class MemoryEventLog(TimeProvider time) : IEventLog
{
    private readonly Lock gate = new();
    private readonly List<LogEntry> entries = [];
    private readonly Dictionary<string, long> eventIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> items = new(StringComparer.Ordinal);
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);
    private readonly HashSet<string> erased = new(StringComparer.Ordinal);
    private readonly HashSet<string> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Event>> parked = new(StringComparer.Ordinal);
    private long receivedMs;
    private long resolved;

    public long Epoch { get; set; } = 1;

    /// <summary>Thrown by every append while it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by an append with a change that it chooses, and by no other; nothing is stored then.</summary>
    public Func<LogChange, Exception?>? Poison { get; set; }

    /// <summary>Awaited before an append does anything.</summary>
    public Func<Task>? Before { get; set; }

    /// <summary>Awaited before the head is read.</summary>
    public Func<Task>? BeforeHead { get; set; }

    /// <summary>Numbers of changes of the appends so far, in order, failed ones included.</summary>
    public List<int> Appends { get; } = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (gate) return [.. entries];
        }
    }

    public async Task<LogAppend> AppendAsync(IReadOnlyList<LogChange> changes, CancellationToken ct = default)
    {
        if (Before is { } before) await before();
        lock (gate)
        {
            Appends.Add(changes.Count);
            if (Failure is { } failure) throw failure;
            foreach (var change in changes)
            {
                if (Poison?.Invoke(change) is { } poison) throw poison;
            }
            var first = entries.Count;
            receivedMs = Math.Max(receivedMs, time.GetUtcNow().ToUnixTimeMilliseconds());
            var results = changes.Select(Append).ToArray();
            return new LogAppend(results, entries.GetRange(first, entries.Count - first));
        }
    }

    public async IAsyncEnumerable<LogEntry> ReadAfterAsync(long position, [EnumeratorCancellation] CancellationToken ct = default)
    {
        LogEntry[] rest;
        lock (gate) rest = [.. entries.Skip((int)position)];
        foreach (var entry in rest)
        {
            ct.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask;
    }

    public async Task<LogHead> ReadHeadAsync(CancellationToken ct = default)
    {
        if (BeforeHead is { } before) await before();
        lock (gate) return new LogHead(Epoch, entries.Count, items.Count, resolved);
    }

    public Task<bool> RecordAsync(
        long expected, long upTo, IReadOnlyList<(long Position, Contribution Contribution)> contributions, CancellationToken ct = default)
    {
        lock (gate)
        {
            if (expected != resolved) return Task.FromResult(false);
            foreach (var (position, contribution) in contributions)
                entries[(int)position - 1] = entries[(int)position - 1] with { Contribution = contribution };
            resolved = upTo;
            return Task.FromResult(true);
        }
    }

    private AppendResult Append(LogChange change)
    {
        switch (change)
        {
            case EventChange { Event: var e }:
                return Append(e);
            case ItemPut put:
                var isNew = items.TryAdd(put.Item.Id, items.Count);
                removed.Remove(put.Item.Id);
                var result = Add(items[put.Item.Id], change);
                if (isNew && parked.Remove(put.Item.Id, out var waiting))
                {
                    foreach (var e in waiting) Append(e);
                }
                return result;
            case ItemRemoval removal:
                if (!items.TryGetValue(removal.ItemId, out var item) || !removed.Add(removal.ItemId))
                    return new AppendResult(AppendOutcome.Unknown, 0);
                return Add(item, change);
            case UserPut put:
                return erased.Contains(put.User.Id) ? new AppendResult(AppendOutcome.Erased, 0) : Add(-1, change);
            case UserErasure erasure:
                erased.Add(erasure.UserId);
                for (var i = 0; i < entries.Count; i++)
                {
                    if (entries[i].Change is EventChange { Event: var e } && e.UserId == erasure.UserId)
                        entries[i] =
                            entries[i] with { Change = new EventChange(e with { UserId = "", SessionId = null, RequestId = null }) };
                }
                return Add(-1, change);
            case ListShown shown:
                return lists.Add(shown.RequestId) ? Add(-1, change) : new AppendResult(AppendOutcome.Duplicate, 0);
            default:
                return Add(-1, change);
        }
    }

    private AppendResult Append(Event e)
    {
        if (eventIds.TryGetValue(e.Id, out var first)) return new AppendResult(AppendOutcome.Duplicate, first);
        if (erased.Contains(e.UserId)) return new AppendResult(AppendOutcome.Erased, 0);
        if (!items.TryGetValue(e.ItemId, out var item))
        {
            if (!parked.TryGetValue(e.ItemId, out var waiting)) parked[e.ItemId] = waiting = [];
            if (waiting.All(other => other.Id != e.Id)) waiting.Add(e);
            return new AppendResult(AppendOutcome.Parked, 0);
        }
        var result = Add(item, new EventChange(e));
        eventIds[e.Id] = result.Position;
        return result;
    }

    private AppendResult Add(int item, LogChange change)
    {
        entries.Add(new LogEntry(entries.Count + 1, receivedMs, item, change));
        return new AppendResult(AppendOutcome.Accepted, entries.Count);
    }
}
