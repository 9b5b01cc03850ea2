using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// The only code that folds the log: entries of this process, which the writer hands over, and of others, which are read from the store, in
/// the order of positions without gaps. In one process it is the resolver, too. Between two entries contributions are recorded
/// (<see cref="ContributionRecorder"/>) and snapshots begun (<see cref="SnapshotSchedule"/>).
/// </summary>
public sealed class EventTail : BackgroundService
{
    private const int MostOffered = 50_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IEventLog log;
    private readonly LiveState state;
    private readonly ContributionRecorder contributions;
    private readonly SnapshotSchedule snapshots;
    private readonly FoldWaiters waiters;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly ILogger<EventTail> logger;
    private readonly RepeatedReports causes;
    private readonly Channel<Offered> offers = Channel.CreateUnbounded<Offered>(new UnboundedChannelOptions { SingleReader = true });
    private long head;
    private long offered;
    private int overflown;
    private volatile bool stopping;

    public EventTail(
        IEventLog log, LiveState state, StateSnapshots snapshots,
        IOptions<EventOptions> options, TimeProvider time, EventMetrics metrics, ILogger<EventTail> logger)
    {
        (this.log, this.state) = (log, state);
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        causes = new RepeatedReports(time, RepeatedReports.EveryMinute);
        contributions = new ContributionRecorder(log, state, options.Value, time, metrics, causes, logger);
        this.snapshots = new SnapshotSchedule(state, snapshots, contributions, options.Value, time, metrics, causes, logger);
        waiters = new FoldWaiters(state, time, TimeSpan.FromMilliseconds(options.Value.FoldWaitMs));
        head = state.Position;
        metrics.Observe(state, this);
    }

    /// <summary>Everything up to here is folded.</summary>
    public long Position => state.Position;

    /// <summary>Entries that are written and not yet folded, as far as is known.</summary>
    public long Unfolded => Math.Max(0, Volatile.Read(ref head) - state.Position);

    /// <summary>Waits until a position is folded.</summary>
    /// <returns>False when the time was not enough.</returns>
    public ValueTask<bool> WaitAsync(long position, TimeSpan timeout, CancellationToken ct = default) =>
        waiters.WaitAsync(position, timeout, ct);

    /// <summary>Answers a post, which is written up to the position, when that is folded, at the latest after
    /// <see cref="EventOptions.FoldWaitMs"/>.</summary>
    internal void Answer(LogPost post, long position) => waiters.Add(post, position);

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
        head = start.Position;
        contributions.Start(start.Resolved);
        snapshots.Start();
        await foreach (var entry in log.ReadAfterAsync(from, ct))
        {
            if (state.Users.IsHalfChanged) await snapshots.WriteNowAsync(ct);
            Fold(entry);
            if (contributions.HasMuch) await contributions.RecordAsync(ct);
            if ((entry.Position & 0x3FFF) == 0)
                progress?.Report(new WorkProgress("fold the log", entry.Position - from, start.Position - from, "entries"));
        }
        await contributions.RecordAsync(ct);
        progress?.Report(new WorkProgress("fold the log", state.Position - from, state.Position - from, "entries"));
        snapshots.CaughtUp();
        waiters.Advance();
    }

    /// <summary>Folds what was handed over, records what was found and writes a last snapshot.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        offers.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        waiters.Dispose();
        base.Dispose();
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
        await snapshots.EndAsync();
    }

    private async Task StepAsync()
    {
        if (snapshots.IsDue) await snapshots.BeginAsync();
        if (state.Users.IsFull)
        {
            // Nothing is folded until a snapshot makes room.
            await PauseAsync();
            return;
        }
        if (contributions.IsFull) await contributions.RecordAsync(CancellationToken.None);
        if (offers.Reader.TryRead(out var next))
        {
            Interlocked.Add(ref offered, -next.Entries.Count);
            // Before the store is read: what overflows from now on may not be in what is read.
            if (next.Entries.Count == 0) Volatile.Write(ref overflown, 0);
            await TakeAsync(next);
        }
        else if (!await WaitForOfferAsync()) await PollAsync();
        if (contributions.IsDue) await contributions.RecordAsync(CancellationToken.None);
    }

    private async Task PauseAsync() => await Task.WhenAny(Task.Delay(Retry, time, CancellationToken.None), offers.Reader.Completion);

    // False when nothing came for as long as the tail may be idle.
    private async Task<bool> WaitForOfferAsync()
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(contributions.RestMs), time);
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
        if (contributions.IsFollowing || entries.Count == 0 || entries[0].Position > state.Position + 1) await ReadAsync();
        else
        {
            foreach (var entry in entries)
            {
                if (entry.Position > state.Position) Fold(entry);
            }
            waiters.Advance();
        }
        metrics.FoldDelay(time.GetElapsedTime(offer.At));
    }

    private async Task PollAsync()
    {
        var now = await log.ReadHeadAsync();
        if (now.Position > Volatile.Read(ref head)) Volatile.Write(ref head, now.Position);
        contributions.Look(now);
        if (now.Position > state.Position) await ReadAsync();
    }

    private async Task ReadAsync()
    {
        var last = await contributions.ReadLimitAsync();
        await foreach (var entry in log.ReadAfterAsync(state.Position))
        {
            if (entry.Position > last) break;
            if (entry.Position != state.Position + 1)
                throw new InvalidOperationException($"The log has a gap: position {entry.Position} comes after {state.Position}.");
            if (state.Users.IsHalfChanged) await snapshots.BeginAsync();
            if (state.Users.IsFull) break;
            Fold(entry);
            if ((entry.Position & 0xFF) == 0) waiters.Advance();
            if (contributions.HasMuch) await contributions.RecordAsync(CancellationToken.None);
        }
        waiters.Advance();
    }

    private void Fold(LogEntry entry)
    {
        contributions.Fold(entry);
        metrics.Folded(1);
    }

    private readonly record struct Offered(IReadOnlyList<LogEntry> Entries, long At);
}
