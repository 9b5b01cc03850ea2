using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.States;
using static System.FormattableString;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>The closed days of the lake, from its first one on.</summary>
internal sealed class LakeNightSource : INightSource
{
    public const string SourceName = "lake";

    private const string EventColumns =
        "position, received_ms, least(happened_ms, received_ms), user_id, item, type, value, amount, place, device, location, meaning, "
            + "request_id";

    private readonly ILakeStore store;
    private readonly IReadOnlyList<string> erased;
    private readonly IReadOnlyList<LakeManifest> days;
    private HashSet<string>? forgotten;

    private LakeNightSource(ILakeStore store, IReadOnlyList<string> erased, IReadOnlyList<LakeManifest> days, NightWindow window)
    {
        (this.store, this.erased, this.days, Window) = (store, erased, days, window);
    }

    public string Name => SourceName;

    public NightWindow Window { get; }

    /// <param name="store">The lake.</param>
    /// <param name="contents">Of the database, which knows who was erased.</param>
    /// <param name="day">Last day of the window.</param>
    /// <param name="count">Days of the window.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="RecSysException">A day is missing or damaged, or nothing was received: which, and what to do.</exception>
    public static async Task<LakeNightSource> OpenAsync(
        ILakeStore store, ILogContents contents, DateOnly day, int count, CancellationToken ct)
    {
        var days = new List<LakeManifest>();
        await foreach (var manifest in new LakeDays(store).ReadAsync(LakeTable.Log, null, day, ct)) days.Add(manifest);
        if (days.Count == 0) throw TooEarly(store, day, (await store.ListAsync(LakeTable.Log, ct))[0]);
        if (days[0].FirstPosition != 1)
            throw new RecSysException(Invariant($"The lake {store.Place} begins on {days[0].Day:yyyy-MM-dd} with entry ")
                + Invariant($"{days[0].FirstPosition:#,0} of the log, so what the entries before it said of items and users is not known. ")
                + "Put its first days back, or read the database with --from log.");
        var first = days.First(manifest => manifest.Day > day.AddDays(-count));
        var next = days.Find(manifest => manifest.Day > day.AddDays(1 - count))?.FirstPosition ?? days[^1].LastPosition!.Value + 1;
        var window = new NightWindow(first.Day, day, first.FirstPosition!.Value, days[^1].LastPosition!.Value, days[^1].Epoch)
        {
            NextFirstPosition = next,
        };
        if (window.IsEmpty)
        {
            var filled = days.FindAll(manifest => manifest.LastPosition >= manifest.FirstPosition);
            throw window.Nothing(
                $"the lake {store.Place}", filled.Count == 0 ? null : Of(filled[0]), filled.Count == 0 ? null : Of(filled[^1]));
        }
        var erased = await ErasedUsers.ReadAsync(contents, ct);
        return new LakeNightSource(store, erased, days, window);
    }

    private static RecSysException TooEarly(ILakeStore store, DateOnly day, DateOnly first) =>
        new(Invariant($"The lake {store.Place} begins on {first:yyyy-MM-dd}, so it has nothing that a night of {day:yyyy-MM-dd} could ")
            + "learn from. Days are those of receipt by the store's clock (UTC), whatever times the events have. "
            + Invariant($"Choose {first:yyyy-MM-dd} or a later day (--day)."));

    private static (DateOnly Day, long Entries) Of(LakeManifest day) => (day.Day, day.LastPosition!.Value - day.FirstPosition!.Value + 1);

    public async Task<IReadOnlyList<StepFile>> ChecksumsAsync(CancellationToken ct)
    {
        var files = new List<StepFile>();
        foreach (var day in days)
        {
            var json = await store.ReadManifestAsync(LakeTable.Log, day.Day, ct) ?? [];
            files.Add(StepFile.Of($"lake:log/{day.Day:yyyy-MM-dd}", json, day.Bytes));
        }
        files.Add(ErasedUsers.Describe(erased));
        return files;
    }

    public async Task<IReadOnlySet<string>> ErasedAsync(CancellationToken ct) =>
        forgotten ??= await new LakeReader(store, erased).ReadErasedAsync(null, ct);

    public async Task<EntryMark?> MarkAsync(long position, CancellationToken ct)
    {
        if (days.FirstOrDefault(day => day.FirstPosition <= position && day.LastPosition >= position) is not { } day) return null;
        var files = new LakeDayFiles(store, day);
        var where = FormattableString.Invariant($"position = {position}");
        await foreach (var row in files.ReadAsync(LakeSchema.Events, "received_ms, least(happened_ms, received_ms), item", where, ct))
            return new EntryMark(position, row.Int64(0), row.Int64(1), LogKind.Event, row.Int32(2));
        var changes = new ChangeRows();
        await foreach (var row in files.ReadAsync(LakeSchema.Changes, null, where, ct)) return EntryMark.Of(changes.Read(row));
        return null;
    }

    public async Task FeedAsync(long after, ILogSink sink, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var gone = await ErasedAsync(ct);
        var told = new FeedProgress("read the lake", after, Window.LastPosition, progress);
        foreach (var day in days)
        {
            if (day.LastPosition > after) await FeedAsync(day, after, sink, gone, told, ct);
        }
    }

    // Events and all other entries lie in files of their own, each in order.
    private async Task FeedAsync(
        LakeManifest day, long after, ILogSink sink, IReadOnlySet<string> gone, FeedProgress told, CancellationToken ct)
    {
        var files = new LakeDayFiles(store, day);
        var (rows, codes) = (new ChangeRows(), new NameCodes());
        await using var changes = files.ReadAsync(LakeSchema.Changes, ct: ct).GetAsyncEnumerator(ct);
        var next = await NextAsync();
        await foreach (var row in files.ReadAsync(LakeSchema.Events, EventColumns, null, ct))
        {
            var position = row.Int64(0);
            while (next?.Position < position) next = await ChangeAsync(next);
            if (position <= after) continue;
            var type = codes.TypeOf(row.Required(5));
            sink.Event(
                new EventMark(position, row.Int64(1)), row.Text(3) is { } user && !gone.Contains(user) ? user : null, row.Text(12),
                LogEvents.Of(
                    row.Int64(2), -1, row.Int32(4), type, LogEvents.ValueOf(type, row.MaybeDouble(6), row.MaybeDouble(7)),
                    row.MaybeInt32(8), codes.DeviceOf(row.Text(9)), codes.LocationOf(row.Text(10)),
                    row.Text(11) is { } meaning ? LakeNames.Meaning(meaning) : null));
            told.Reached(position);
        }
        while (next is not null) next = await ChangeAsync(next);

        async ValueTask<LogEntry?> NextAsync() => await changes.MoveNextAsync() ? rows.Read(changes.Current) : null;

        async ValueTask<LogEntry?> ChangeAsync(LogEntry entry)
        {
            if (entry.Position > after)
            {
                sink.Change(entry, entry.Change.IsForgotten(gone));
                told.Reached(entry.Position);
            }
            return await NextAsync();
        }
    }

    public IAsyncEnumerable<LogEntry> WindowAsync(CancellationToken ct) =>
        new LakeReader(store, erased).ReadEntriesAsync(Window.FirstDay, Window.Day, ct);
}
