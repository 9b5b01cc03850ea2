using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Takes what was parsed, on disk beyond some memory, and, once all files have been found in order, appends it to the log in chunks: items,
/// users, and the events in time order. What is stored stays stored when the import ends early; a second run finds it there and goes on
/// behind it.
/// </summary>
internal sealed class ImportStaging : IDisposable
{
    private readonly IEventImport log;
    private readonly ImportPace pace;
    private readonly RecordSpool users;
    private readonly RecordSpool items;
    private readonly EventSorter events;
    private readonly long[] accepted = new long[EventTypes.Count];
    private readonly Dictionary<AppendOutcome, long> refused = [];
    private long storedUsers;
    private long storedItems;

    /// <param name="log">Where it goes.</param>
    /// <param name="pace">How fast.</param>
    /// <param name="options">The temporary files go to <c>imports/</c> in its data folder, and what an import that was killed left there is
    /// deleted.</param>
    internal ImportStaging(IEventImport log, ImportPace pace, ImportOptions options)
    {
        this.log = log;
        this.pace = pace;
        var folder = Path.Combine(options.DataFolder, "imports");
        Directory.CreateDirectory(folder);
        Clear(folder);
        (users, items, events) = (new RecordSpool(folder), new RecordSpool(folder), new EventSorter(folder));
    }

    internal void Add(User user) => users.Add(user);

    internal void Add(Item item) => items.Add(item);

    internal void Add(Event e) => events.Add(e);

    internal async Task StoreAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        await StoreAsync(items.Changes(items: true), "store items", items.Count, "items", progress, ct);
        await StoreAsync(users.Changes(items: false), "store users", users.Count, "users", progress, ct);
        await StoreAsync(events.Sorted().Select(LogChange (e) => new EventChange(e)), "store events", events.Count, "events", progress, ct);
    }

    internal ImportReport Report(ImportLedger ledger, TimeSpan elapsed) => new()
    {
        Read = ledger.Read,
        Kept = ledger.Read - ledger.Rejected,
        Rejected = ledger.Rejected,
        Users = storedUsers,
        Items = storedItems,
        Events = Enumerable.Range(0, EventTypes.Count).Where(type => accepted[type] > 0)
            .ToDictionary(type => (EventType)type, type => accepted[type]),
        Duplicates = refused.GetValueOrDefault(AppendOutcome.Duplicate),
        Parked = refused.GetValueOrDefault(AppendOutcome.Parked),
        NotKept = refused.GetValueOrDefault(AppendOutcome.Full),
        OfErasedUsers = refused.GetValueOrDefault(AppendOutcome.Erased),
        Elapsed = elapsed,
        RejectsPath = ledger.RejectsPath,
    };

    public void Dispose()
    {
        users.Dispose();
        items.Dispose();
        events.Dispose();
    }

    private async Task StoreAsync(IEnumerable<LogChange> changes, string phase, long total, string unit, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var chunk = new List<LogChange>(ImportPace.MostEntries);
        var done = 0L;
        foreach (var change in changes)
        {
            chunk.Add(change);
            if (chunk.Count >= pace.ChunkSize) await FlushAsync();
        }
        if (chunk.Count > 0) await FlushAsync();

        async Task FlushAsync()
        {
            var started = Stopwatch.GetTimestamp();
            var appended = await log.ImportAsync(chunk, ct);
            for (var i = 0; i < chunk.Count; i++) Count(chunk[i], appended.Results[i].Outcome);
            done += chunk.Count;
            progress?.Report(new WorkProgress(phase, done, total, unit));
            var entries = chunk.Count;
            chunk.Clear();
            await pace.PauseAsync(entries, Stopwatch.GetElapsedTime(started), ct);
        }
    }

    private void Count(LogChange change, AppendOutcome outcome)
    {
        switch (change)
        {
            case EventChange e when outcome == AppendOutcome.Accepted:
                accepted[(int)e.Event.Type]++;
                break;
            case ItemPut when outcome == AppendOutcome.Accepted:
                storedItems++;
                break;
            case UserPut when outcome == AppendOutcome.Accepted:
                storedUsers++;
                break;
            case EventChange:
            case UserPut when outcome == AppendOutcome.Erased:
                refused[outcome] = refused.GetValueOrDefault(outcome) + 1;
                break;
            default:
                break;
        }
    }

    // An import that runs beside this one keeps its files open for writing or reading; deleting them would not stop it, but they are young.
    private static void Clear(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            if (File.GetLastWriteTimeUtc(path) < TimeProvider.System.GetUtcNow().AddDays(-1).UtcDateTime) File.Delete(path);
        }
    }
}
