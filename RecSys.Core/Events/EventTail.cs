using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The only code that folds the log: entries of this process, which the writer hands over, and of others, which are read from the store, in
/// the order of positions without gaps. In one process it is the resolver, too: it says what each event contributes and records that. It
/// also makes the state snapshots, between two entries.
/// </summary>
public sealed class EventTail : BackgroundService
{
    private const int MostOffered = 50_000;
    private const int RecordAt = 5000;
    private const int MostUnrecorded = 200_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    // A resolver that does nothing for so long, though there is something to do, is gone.
    private static readonly TimeSpan ResolverGone = TimeSpan.FromSeconds(2);

    private readonly IEventLog log;
    private readonly LiveState state;
    private readonly StateSnapshots snapshots;
    private readonly EventOptions options;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly ILogger<EventTail> logger;
    private readonly RepeatedReports causes;
    private readonly Channel<Offered> offers = Channel.CreateUnbounded<Offered>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<(long Position, Contribution Contribution)> unrecorded = [];
    private TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long head;
    private long offered;
    private int overflown;
    private long resolved;
    private long recordedAt;
    private long resolvedAt;
    private long snapshotAt;
    private long snapshotPosition = -1;
    private bool following;
    private bool diverged;
    private volatile bool stopping;
    private Task? snapshot;

    public EventTail(
        IEventLog log, LiveState state, StateSnapshots snapshots,
        IOptions<EventOptions> options, TimeProvider time, EventMetrics metrics, ILogger<EventTail> logger)
    {
        (this.log, this.state, this.snapshots, this.options) = (log, state, snapshots, options.Value);
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        causes = new RepeatedReports(time, RepeatedReports.EveryMinute);
        (recordedAt, resolvedAt, snapshotAt) = (time.GetTimestamp(), time.GetTimestamp(), time.GetTimestamp());
        head = state.Position;
        metrics.Observe(state, this);
    }

    /// <summary>Everything up to here is folded.</summary>
    public long Position => state.Position;

    /// <summary>Entries that are written and not yet folded, as far as is known.</summary>
    public long Unfolded => Math.Max(0, Volatile.Read(ref head) - state.Position);

    /// <summary>Waits until a position is folded.</summary>
    /// <returns>False when the time was not enough.</returns>
    public async ValueTask<bool> WaitAsync(long position, TimeSpan timeout, CancellationToken ct = default)
    {
        if (state.Position >= position) return true;
        var started = time.GetTimestamp();
        while (true)
        {
            var next = Volatile.Read(ref advanced).Task;
            if (state.Position >= position) return true;
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return false;
            try
            {
                await next.WaitAsync(left, time, ct);
            }
            catch (TimeoutException)
            {
                return state.Position >= position;
            }
        }
    }

    /// <summary>
    /// Takes entries that were just committed, so that they need not be read again. What does not fit is read from the store.
    /// </summary>
    internal void Offer(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0) return;
        var last = entries[^1].Position;
        for (var known = Volatile.Read(ref head); known < last;)
        {
            var seen = Interlocked.CompareExchange(ref head, last, known);
            if (seen == known) break;
            known = seen;
        }
        if (Interlocked.Add(ref offered, entries.Count) > MostOffered)
        {
            Interlocked.Add(ref offered, -entries.Count);
            // One empty offer says to read the store up to its end; while it waits, more of them would say the same, without a bound.
            if (Interlocked.Exchange(ref overflown, 1) == 1) return;
            entries = [];
        }
        offers.Writer.TryWrite(new Offered(entries, time.GetTimestamp()));
    }

    /// <summary>
    /// Folds up to the log's present end, before the service starts; what is still to be resolved is resolved and recorded.
    /// </summary>
    public async Task CatchUpAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var start = await log.ReadHeadAsync(ct);
        var from = state.Position;
        (head, resolved) = (start.Position, start.Resolved);
        if (snapshotPosition < 0) snapshotPosition = from;
        await foreach (var entry in log.ReadAfterAsync(from, ct))
        {
            if (state.Users.IsHalfChanged) await SnapshotNowAsync(ct);
            Fold(entry);
            if (unrecorded.Count >= RecordAt) await RecordAsync(ct);
            if ((entry.Position & 0x3FFF) == 0)
                progress?.Report(new WorkProgress("fold the log", entry.Position - from, start.Position - from, "entries"));
        }
        await RecordAsync(ct);
        progress?.Report(new WorkProgress("fold the log", state.Position - from, state.Position - from, "entries"));
        Advance();
    }

    /// <summary>Folds what was handed over, records what was found and writes a last snapshot.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        offers.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        // Ends when StopAsync completes the channel, not by the token: what was handed over is folded.
        // What cannot be folded then stays in the log, for the next start.
        while (!offers.Reader.Completion.IsCompleted && !(stopping && (failing || state.Users.IsFull)))
        {
            try
            {
                await StepAsync();
                if (failing && causes.Over("tail")) logger.TailRecovered(state.Position);
                failing = false;
            }
            catch (Exception exception)
            {
                failing = true;
                if (causes.IsDue("tail", 1, out var times)) logger.TailFailed(exception, state.Position, times - 1);
                // What was handed over meanwhile is taken afterwards, or read from the store.
                await PauseAsync();
            }
        }
        await EndAsync();
    }

    private async Task StepAsync()
    {
        if (state.Users.IsHalfChanged || SnapshotIsDue) await SnapshotAsync();
        if (state.Users.IsFull)
        {
            // Nothing is folded until a snapshot makes room.
            await PauseAsync();
            return;
        }
        if (unrecorded.Count >= MostUnrecorded) await RecordAsync(CancellationToken.None);
        if (offers.Reader.TryRead(out var next))
        {
            Interlocked.Add(ref offered, -next.Entries.Count);
            // Before the store is read: what overflows from now on may not be in what is read.
            if (next.Entries.Count == 0) Volatile.Write(ref overflown, 0);
            await TakeAsync(next);
        }
        else if (!await WaitAsync()) await PollAsync();
        if (unrecorded.Count >= RecordAt || time.GetElapsedTime(recordedAt).TotalMilliseconds >= options.RecordMs)
            await RecordAsync(CancellationToken.None);
    }

    private async Task PauseAsync() => await Task.WhenAny(Task.Delay(Retry, time, CancellationToken.None), offers.Reader.Completion);

    // False when nothing came for as long as the tail may be idle.
    private async Task<bool> WaitAsync()
    {
        var idle = unrecorded.Count > 0 ? Math.Min(options.PollMs, options.RecordMs) : options.PollMs;
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(idle), time);
        try
        {
            await offers.Reader.WaitToReadAsync(timer.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakeAsync(Offered offer)
    {
        var entries = offer.Entries;
        if (following || entries.Count == 0 || entries[0].Position > state.Position + 1) await ReadAsync();
        else
        {
            foreach (var entry in entries)
            {
                if (entry.Position <= state.Position) continue;
                Fold(entry);
            }
            Advance();
        }
        metrics.FoldDelay(time.GetElapsedTime(offer.At));
    }

    private async Task PollAsync()
    {
        var now = await log.ReadHeadAsync();
        if (now.Position > Volatile.Read(ref head)) Volatile.Write(ref head, now.Position);
        if (now.Resolved > resolved)
        {
            resolvedAt = time.GetTimestamp();
            if (unrecorded.Count == 0) resolved = now.Resolved;
        }
        if (following && time.GetElapsedTime(resolvedAt) > ResolverGone) following = false;
        if (now.Position > state.Position) await ReadAsync();
    }

    private async Task ReadAsync()
    {
        if (following) resolved = (await log.ReadHeadAsync()).Resolved;
        var last = following ? resolved : long.MaxValue;
        await foreach (var entry in log.ReadAfterAsync(state.Position))
        {
            if (entry.Position > last) break;
            if (entry.Position != state.Position + 1)
                throw new InvalidOperationException($"The log has a gap: position {entry.Position} comes after {state.Position}.");
            if (state.Users.IsHalfChanged) await SnapshotAsync();
            if (state.Users.IsFull) break;
            Fold(entry);
            if ((entry.Position & 0xFF) == 0) Advance();
            if (unrecorded.Count >= RecordAt) await RecordAsync(CancellationToken.None);
        }
        Advance();
    }

    private void Fold(LogEntry entry)
    {
        var known = entry.Position <= resolved ? entry.Contribution ?? Contribution.None : entry.Contribution;
        var contribution = state.Fold(entry, known);
        if (known is null && entry.Change is EventChange) unrecorded.Add((entry.Position, contribution));
        metrics.Folded(1);
    }

    private void Advance() =>
        Interlocked.Exchange(ref advanced, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    // Compare-and-set on the position up to which contributions are recorded: who was first is right.
    private async Task RecordAsync(CancellationToken ct)
    {
        recordedAt = time.GetTimestamp();
        var upTo = state.Position;
        if (following || upTo <= resolved) return;
        if (await log.RecordAsync(resolved, upTo, unrecorded, ct))
        {
            metrics.Recorded(unrecorded.Count);
            unrecorded.Clear();
            (resolved, resolvedAt) = (upTo, time.GetTimestamp());
            return;
        }
        metrics.ResolverLost();
        var now = await log.ReadHeadAsync(ct);
        await CompareAsync(now.Resolved, ct);
        unrecorded.RemoveAll(each => each.Position <= now.Resolved);
        (resolved, resolvedAt, following) = (now.Resolved, time.GetTimestamp(), true);
        if (causes.IsDue("follow", 1, out _)) logger.FollowsResolver(now.Resolved);
    }

    // Both have folded the same log, so both have found the same. If not, this state is wrong and must not be written down.
    private async Task CompareAsync(long upTo, CancellationToken ct)
    {
        var mine = unrecorded.Where(each => each.Position <= upTo).ToDictionary(each => each.Position, each => each.Contribution);
        if (mine.Count == 0) return;
        await foreach (var entry in log.ReadAfterAsync(mine.Keys.Min() - 1, ct))
        {
            if (entry.Position > upTo) break;
            if (!mine.TryGetValue(entry.Position, out var found) || found == (entry.Contribution ?? Contribution.None)) continue;
            diverged = true;
            logger.ContributionsDiffer(entry.Position);
            return;
        }
    }

    private bool SnapshotIsDue =>
        snapshot is not null
            ? snapshot.IsCompleted
            : state.Position != snapshotPosition && time.GetElapsedTime(snapshotAt) >= TimeSpan.FromMinutes(options.SnapshotMinutes);

    // Begins a snapshot, and waits for one only where memory would grow beyond its bound without it.
    private async Task SnapshotAsync()
    {
        if (snapshot is { } writing)
        {
            if (writing.IsCompleted || state.Users.IsFull)
            {
                await writing;
                snapshot = null;
            }
            return;
        }
        if (diverged || (snapshotPosition < 0 && time.GetElapsedTime(snapshotAt) < Retry)) return;
        await RecordAsync(CancellationToken.None);
        if (resolved < state.Position) return;
        snapshotAt = time.GetTimestamp();
        snapshotPosition = state.Position;
        var frozen = state.Freeze();
        snapshot = Task.Run(() => WriteAsync(frozen));
    }

    private async Task WriteAsync(FrozenState frozen)
    {
        try
        {
            await snapshots.WriteAsync(frozen, CancellationToken.None);
            causes.Over("snapshot");
        }
        catch (Exception exception)
        {
            snapshotPosition = -1;
            metrics.SnapshotFailed();
            if (causes.IsDue("snapshot", 1, out var times)) logger.SnapshotFailed(exception, times - 1);
        }
        finally
        {
            frozen.Dispose();
        }
    }

    private async Task SnapshotNowAsync(CancellationToken ct)
    {
        await RecordAsync(ct);
        if (resolved < state.Position) return;
        using var frozen = state.Freeze();
        snapshotPosition = frozen.Position;
        await snapshots.WriteAsync(frozen, ct);
    }

    private async Task EndAsync()
    {
        try
        {
            if (snapshot is { } writing) await writing;
            if (!diverged && state.Position != snapshotPosition) await SnapshotNowAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            metrics.SnapshotFailed();
            logger.SnapshotFailed(exception, 0);
        }
    }

    private readonly record struct Offered(IReadOnlyList<LogEntry> Entries, long At);
}
