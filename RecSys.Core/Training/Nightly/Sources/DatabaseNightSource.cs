using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.States;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>The log of the database, as if it had ended with the day.</summary>
internal sealed class DatabaseNightSource : INightSource
{
    public const string SourceName = "log";

    private readonly IEventLog log;
    private readonly IReadOnlyList<string> erased;
    private readonly HashSet<string> gone;

    private DatabaseNightSource(IEventLog log, IReadOnlyList<string> erased, NightWindow window) =>
        (this.log, this.erased, gone, Window) = (log, erased, [.. erased], window);

    public string Name => SourceName;

    public NightWindow Window { get; }

    /// <inheritdoc cref="LakeNightSource.OpenAsync"/>
    public static async Task<DatabaseNightSource> OpenAsync(
        IEventLog log, ILogContents contents, DateOnly day, int count, CancellationToken ct)
    {
        var head = await log.ReadHeadAsync(ct);
        var start = day.AddDays(1 - count);
        var first = await FirstFromAsync(log, head.Position, LakeClock.StartOf(start), ct);
        var behind = await FirstFromAsync(log, head.Position, LakeClock.StartOf(day.AddDays(1)), ct);
        var next = await FirstFromAsync(log, head.Position, LakeClock.StartOf(start.AddDays(1)), ct);
        var window = new NightWindow(start, day, first, behind - 1, head.Epoch) { NextFirstPosition = next };
        if (window.IsEmpty) throw await NothingAsync(log, head.Position, window, ct);
        // The log may have begun within these days.
        var begun = LakeClock.DayOf(await ReceivedAsync(log, first, ct));
        if (begun > start && first == 1) window = window with { FirstDay = begun };
        var erased = await ErasedUsers.ReadAsync(contents, ct);
        return new DatabaseNightSource(log, erased, window);
    }

    // With the days that could be named instead.
    private static async Task<RecSysException> NothingAsync(IEventLog log, long head, NightWindow window, CancellationToken ct)
    {
        if (head == 0) return window.Nothing("the log", null, null);
        var first = LakeClock.DayOf(await ReceivedAsync(log, 1, ct));
        var last = LakeClock.DayOf(await ReceivedAsync(log, head, ct));
        return window.Nothing(
            "the log", (first, await FirstFromAsync(log, head, LakeClock.StartOf(first.AddDays(1)), ct) - 1),
            (last, head + 1 - await FirstFromAsync(log, head, LakeClock.StartOf(last), ct)));
    }

    public Task<IReadOnlyList<StepFile>> ChecksumsAsync(CancellationToken ct)
    {
        // Entries never change but for erasures, so the epoch and the places say what they are.
        var text = FormattableString.Invariant(
            $"epoch {Window.Epoch}, entries 1 to {Window.LastPosition}, window from {Window.FirstPosition}");
        return Task.FromResult<IReadOnlyList<StepFile>>(
        [
            StepFile.Of($"log:{text}", Encoding.UTF8.GetBytes(text), Window.LastPosition),
            ErasedUsers.Describe(erased),
        ]);
    }

    public Task<IReadOnlySet<string>> ErasedAsync(CancellationToken ct) => Task.FromResult<IReadOnlySet<string>>(gone);

    public async Task<EntryMark?> MarkAsync(long position, CancellationToken ct)
    {
        await foreach (var entry in LogOfEntries.UpToAsync(log, Window.LastPosition, ct, position - 1))
            return entry.Position == position ? EntryMark.Of(entry) : null;
        return null;
    }

    public async Task FeedAsync(long after, ILogSink sink, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var told = new FeedProgress("read the log", after, Window.LastPosition, progress);
        var codes = new NameCodes();
        await foreach (var entry in LogOfEntries.UpToAsync(log, Window.LastPosition, ct, after))
        {
            told.Reached(entry.Position);
            if (entry.Change is not EventChange { Event: var e })
            {
                sink.Change(entry, entry.Change.IsForgotten(gone));
                continue;
            }
            sink.Event(
                new EventMark(entry.Position, entry.ReceivedMs), e.UserId.Length == 0 || gone.Contains(e.UserId) ? null : e.UserId,
                e.RequestId,
                LogEvents.Of(
                    entry.FoldMs, -1, entry.Item, e.Type, LogEvents.ValueOf(e.Type, e.Value, e.Amount), e.Position,
                    codes.DeviceOf(e.Device), codes.LocationOf(e.Location), e.Meaning));
        }
    }

    public IAsyncEnumerable<LogEntry> WindowAsync(CancellationToken ct) =>
        LogOfEntries.UpToAsync(log, Window.LastPosition, ct, Window.FirstPosition - 1);

    // The first position that was received from a moment on, or the one behind the head: times of receipt never go back.
    private static async Task<long> FirstFromAsync(IEventLog log, long head, DateTimeOffset moment, CancellationToken ct)
    {
        var (low, high) = (1L, head + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await ReceivedAsync(log, middle, ct) < moment.ToUnixTimeMilliseconds()) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static async Task<long> ReceivedAsync(IEventLog log, long position, CancellationToken ct)
    {
        await foreach (var entry in log.ReadAfterAsync(position - 1, ct)) return entry.ReceivedMs;
        throw new RecSysException($"The log has no entry {position} any more. Read the lake instead (--from lake).");
    }
}
