using System.Diagnostics;
using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>Instruments and spans of the log's writer, its tail and the state snapshots. Durations in seconds.</summary>
public sealed class EventMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "RecSys.Events";

    private readonly Counter<long> appended;
    private readonly Counter<long> refused;
    private readonly Counter<long> deadLetters;
    private readonly Histogram<double> commit;
    private readonly Histogram<long> commitChanges;
    private readonly Counter<long> folded;
    private readonly Histogram<double> foldDelay;
    private readonly Counter<long> recorded;
    private readonly Counter<long> resolverLosses;
    private readonly Histogram<double> snapshot;
    private readonly Counter<long> snapshotFailures;

    private PostQueue? queue;
    private LiveState? state;
    private EventTail? tail;

    /// <summary>What the instruments were made by.</summary>
    public IMeterFactory Meters { get; }

    public EventMetrics(IMeterFactory meters)
    {
        Meters = meters;
        var (meter, advice) = (meters.Create(SourceName), DurationBuckets.OfStores);
        appended = meter.CreateCounter<long>("recsys_log_changes", description: "Changes that a commit answered, by outcome")
            .Noted("accepted: events as they come; 0 for long where there is traffic: clients lost their way here", "outcome");
        refused = meter.CreateCounter<long>("recsys_log_posts_refused", description: "Posts refused before or in a commit, by reason")
            .Noted("storeunavailable: disk or database; queuefull: more events than the disk takes", "reason");
        deadLetters = meter.CreateCounter<long>("recsys_dead_letters",
                description: "Changes that the store could not take; kept is false when the file was full")
            .Noted("0; else GET /events/dead-letters", "kept");
        commit = meter.CreateHistogram("recsys_log_commit_duration", "s", "Duration of one commit", tags: null, advice: advice)
            .Noted("the disk's flush: p99 above 50 ms delays every post");
        commitChanges = meter.CreateHistogram<long>("recsys_log_commit_changes", description: "Changes that shared one commit")
            .Noted("grows with the load: posts share a flush");
        folded = meter.CreateCounter<long>("recsys_log_entries_folded", description: "Entries folded into the state")
            .Noted("keeps up with accepted changes");
        foldDelay = meter.CreateHistogram("recsys_fold_delay", "s", "From the end of a commit until its entries were folded", tags: null,
                advice: advice)
            .Noted("event to next recommendation: p99 up to 50 ms");
        recorded = meter.CreateCounter<long>("recsys_contributions_recorded", description: "Contributions recorded beside the log")
            .Noted("keeps up with folded entries");
        resolverLosses = meter.CreateCounter<long>("recsys_resolver_losses",
                description: "Times that another process had recorded contributions first")
            .Noted("0 where one process serves from a data folder");
        snapshot = meter.CreateHistogram("recsys_snapshot_duration", "s", "Time to write one state snapshot", tags: null, advice: advice)
            .Noted("one every Events:SnapshotMinutes while events come");
        snapshotFailures = meter.CreateCounter<long>("recsys_snapshot_failures",
                description: "State snapshots that could not be written")
            .Noted("0; else the next start takes longer, and the disk may be full");
        // Made now, so that they can be listed; nothing is measured before there is something to measure.
        meter.CreateKnownGauge("recsys_log_waiting_changes", () => queue?.Waiting, "Live changes that wait to be written")
            .Noted("below Events:MaxWaitingChanges, at which posts are refused");
        meter.CreateKnownGauge("recsys_log_unfolded", () => tail?.Unfolded, "Entries written and not yet folded, as far as is known")
            .Noted("near 0; one that grows means that recommendations fall behind what users do");
        meter.CreateKnownGauge("recsys_log_position", () => state?.Position, "Position up to which the state is folded")
            .Noted("grows while events come");
        meter.CreateKnownGauge("recsys_users_in_memory", () => state?.Users.Count, "Users held in memory")
            .Noted("at Events:MaxUsersInMemory further users are read from the disk");
        meter.CreateKnownGauge("recsys_catalogue_items", () => state?.Catalog.Count, "Items that have a number, removed ones too")
            .Noted("grows with the catalogue, and memory with it");
    }

    internal static ActivitySource Activities { get; } = new(SourceName);

    internal void Observe(PostQueue waiting) => queue = waiting;

    internal void Observe(LiveState live, EventTail following) => (state, tail) = (live, following);

    internal void Appended(AppendOutcome outcome) =>
        appended.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    internal void Refused(LogRefusal reason, int posts) =>
        refused.Add(posts, new KeyValuePair<string, object?>("reason", reason.ToString().ToLowerInvariant()));

    internal void DeadLetter(bool kept) => deadLetters.Add(1, new KeyValuePair<string, object?>("kept", kept));

    internal void Committed(int changes, TimeSpan took)
    {
        commit.Record(took.TotalSeconds);
        commitChanges.Record(changes);
    }

    internal void Folded(int entries) => folded.Add(entries);

    internal void FoldDelay(TimeSpan delay) => foldDelay.Record(delay.TotalSeconds);

    internal void Recorded(int contributions) => recorded.Add(contributions);

    internal void ResolverLost() => resolverLosses.Add(1);

    internal void SnapshotWritten(TimeSpan took) => snapshot.Record(took.TotalSeconds);

    internal void SnapshotFailed() => snapshotFailures.Add(1);
}
