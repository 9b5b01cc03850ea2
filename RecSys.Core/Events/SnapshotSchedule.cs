using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// When state snapshots are made: every few minutes where something was folded, when many users have changed, soon after a start that had
/// much to fold, and at the end. A snapshot is frozen between two entries and written beside the fold. Of the folding thread.
/// </summary>
internal sealed class SnapshotSchedule
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly LiveState state;
    private readonly StateSnapshots snapshots;
    private readonly ContributionRecorder contributions;
    private readonly EventOptions options;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly RepeatedReports causes;
    private readonly ILogger logger;
    private long frozenAt;
    private long frozenPosition = -1;
    private bool soon;
    private Task? writing;

    public SnapshotSchedule(
        LiveState state, StateSnapshots snapshots, ContributionRecorder contributions,
        EventOptions options, TimeProvider time, EventMetrics metrics, RepeatedReports causes, ILogger logger)
    {
        (this.state, this.snapshots, this.contributions, this.options) = (state, snapshots, contributions, options);
        (this.time, this.metrics, this.causes, this.logger) = (time, metrics, causes, logger);
        frozenAt = time.GetTimestamp();
    }

    /// <summary>The state as it is was read from a snapshot, or nothing was folded yet.</summary>
    public void Start()
    {
        if (frozenPosition < 0) frozenPosition = state.Position;
    }

    /// <summary>The tail has folded what was there at its start: where that was much, it need not be done again after a crash.</summary>
    public void CaughtUp() => soon = state.Position - frozenPosition >= options.SnapshotAfterEntries;

    /// <summary>True when <see cref="BeginAsync"/> has something to do.</summary>
    public bool IsDue =>
        state.Users.IsHalfChanged || (writing is not null
            ? writing.IsCompleted
            : state.Position != Volatile.Read(ref frozenPosition)
                && (soon || time.GetElapsedTime(frozenAt) >= TimeSpan.FromMinutes(options.SnapshotMinutes)));

    /// <summary>Begins a snapshot, and waits for one only where memory would grow beyond its bound without it.</summary>
    public async Task BeginAsync()
    {
        if (writing is { } running)
        {
            if (running.IsCompleted || state.Users.IsFull)
            {
                await running;
                writing = null;
            }
            return;
        }
        if (contributions.HasDiverged || (Volatile.Read(ref frozenPosition) < 0 && time.GetElapsedTime(frozenAt) < Retry)) return;
        await contributions.RecordAsync(CancellationToken.None);
        if (contributions.Resolved < state.Position) return;
        (frozenAt, frozenPosition, soon) = (time.GetTimestamp(), state.Position, false);
        var frozen = state.Freeze();
        writing = Task.Run(() => WriteAsync(frozen));
    }

    /// <summary>Makes a snapshot and waits for it, before anything else runs.</summary>
    public async Task WriteNowAsync(CancellationToken ct)
    {
        await contributions.RecordAsync(ct);
        if (contributions.Resolved < state.Position) return;
        using var frozen = state.Freeze();
        frozenPosition = frozen.Position;
        await snapshots.WriteAsync(frozen, ct);
    }

    /// <summary>Waits for the snapshot in the making and makes a last one, where something was folded since.</summary>
    public async Task EndAsync()
    {
        try
        {
            if (writing is { } running) await running;
            if (!contributions.HasDiverged && state.Position != frozenPosition) await WriteNowAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            metrics.SnapshotFailed();
            logger.SnapshotFailed(exception, 0);
        }
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
            // Due again, though nothing more was folded.
            Volatile.Write(ref frozenPosition, -1);
            metrics.SnapshotFailed();
            if (causes.IsDue("snapshot", 1, out var times)) logger.SnapshotFailed(exception, times - 1);
        }
        finally
        {
            frozen.Dispose();
        }
    }
}
