using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Records what events contributed, once, by compare-and-set on the position up to which that is done. Whoever finds that another process
/// was first follows that one, and takes over when it records nothing any more. Of the folding thread.
/// </summary>
internal sealed class ContributionRecorder
{
    private const int RecordAt = 5000;
    private const int MostUnrecorded = 200_000;
    // A resolver that does nothing for so long, though there is something to do, is gone.
    private static readonly TimeSpan ResolverGone = TimeSpan.FromSeconds(2);

    private readonly IEventLog log;
    private readonly LiveState state;
    private readonly EventOptions options;
    private readonly TimeProvider time;
    private readonly EventMetrics metrics;
    private readonly RepeatedReports causes;
    private readonly ILogger logger;
    private readonly List<(long Position, Contribution Contribution)> unrecorded = [];
    private long recordedAt;
    private long resolvedAt;

    public ContributionRecorder(
        IEventLog log, LiveState state, EventOptions options, TimeProvider time, EventMetrics metrics, RepeatedReports causes,
        ILogger logger)
    {
        (this.log, this.state, this.options, this.time) = (log, state, options, time);
        (this.metrics, this.causes, this.logger) = (metrics, causes, logger);
        (recordedAt, resolvedAt) = (time.GetTimestamp(), time.GetTimestamp());
    }

    /// <summary>Contributions of all entries up to here are recorded.</summary>
    public long Resolved { get; private set; }

    /// <summary>True while another process records.</summary>
    public bool IsFollowing { get; private set; }

    /// <summary>True once another process recorded something else than this one found: this state must not be written down.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>True when nothing more may be folded before something is recorded.</summary>
    public bool IsFull => unrecorded.Count >= MostUnrecorded;

    /// <summary>True when so much waits that it should be recorded now.</summary>
    public bool HasMuch => unrecorded.Count >= RecordAt;

    /// <summary>True when it is time to record.</summary>
    public bool IsDue => HasMuch || time.GetElapsedTime(recordedAt).TotalMilliseconds >= options.RecordMs;

    /// <summary>How long the tail may rest, milliseconds.</summary>
    public int RestMs => unrecorded.Count > 0 ? Math.Min(options.PollMs, options.RecordMs) : options.PollMs;

    /// <summary>Begins at what the store says.</summary>
    public void Start(long resolved) => Resolved = resolved;

    /// <summary>Folds an entry with what is recorded for it, or keeps what was found to be recorded.</summary>
    public void Fold(LogEntry entry)
    {
        var known = entry.Position <= Resolved ? entry.Contribution ?? Contribution.None : entry.Contribution;
        var contribution = state.Fold(entry, known);
        if (known is null && entry.Change is EventChange) unrecorded.Add((entry.Position, contribution));
    }

    /// <summary>Takes in where the store stands.</summary>
    public void Look(LogHead now)
    {
        if (now.Resolved > Resolved)
        {
            resolvedAt = time.GetTimestamp();
            if (unrecorded.Count == 0) Resolved = now.Resolved;
        }
        if (IsFollowing && time.GetElapsedTime(resolvedAt) > ResolverGone) IsFollowing = false;
    }

    /// <summary>The position up to which entries may be folded from the store: who follows waits for what is recorded.</summary>
    public async Task<long> ReadLimitAsync()
    {
        if (IsFollowing) Resolved = (await log.ReadHeadAsync()).Resolved;
        return IsFollowing ? Resolved : long.MaxValue;
    }

    /// <summary>Records what waits. Who was first is right.</summary>
    public async Task RecordAsync(CancellationToken ct)
    {
        recordedAt = time.GetTimestamp();
        var upTo = state.Position;
        if (IsFollowing || upTo <= Resolved) return;
        if (await log.RecordAsync(Resolved, upTo, unrecorded, ct))
        {
            metrics.Recorded(unrecorded.Count);
            unrecorded.Clear();
            (Resolved, resolvedAt) = (upTo, time.GetTimestamp());
            return;
        }
        metrics.ResolverLost();
        var now = await log.ReadHeadAsync(ct);
        await CompareAsync(now.Resolved, ct);
        unrecorded.RemoveAll(each => each.Position <= now.Resolved);
        (Resolved, resolvedAt, IsFollowing) = (now.Resolved, time.GetTimestamp(), true);
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
            HasDiverged = true;
            logger.ContributionsDiffer(entry.Position);
            return;
        }
    }
}
