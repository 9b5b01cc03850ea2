using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>The closed days of the lake, from its first one on.</summary>
internal sealed class LakeNightSource : INightSource
{
    public const string SourceName = "lake";

    private readonly ILakeStore store;
    private readonly IReadOnlyList<string> erased;
    private readonly IReadOnlyList<LakeManifest> days;

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
        if (days is not [{ FirstPosition: 1 }, ..])
            throw new RecSysException($"The lake {store.Place} does not begin with the log, so items and users of earlier entries are not "
                + "known. Put its first days back, or read the database with --from log.");
        var first = days.First(manifest => manifest.Day > day.AddDays(-count));
        var window = new NightWindow(first.Day, day, first.FirstPosition!.Value, days[^1].LastPosition!.Value, days[^1].Epoch);
        var erased = await ErasedUsers.ReadAsync(contents, ct);
        return new LakeNightSource(store, erased, days, window.RequireEntries($"the lake {store.Place}"));
    }

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

    public async Task<InteractionLog> ReadAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var log = (await new LakeInteractionLogReader(store, erased, Window.Day).ReadWithCountsAsync(null, null, ct)).Log;
        progress?.Report(new WorkProgress("read the lake", log.Events.Length, log.Events.Length, "events"));
        return log;
    }

    public IAsyncEnumerable<LogEntry> WindowAsync(CancellationToken ct) =>
        new LakeReader(store, erased).ReadEntriesAsync(Window.FirstDay, Window.Day, ct);
}
