using System.Diagnostics.Metrics;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>Instruments of the log's writer, its tail and the state snapshots. Durations in seconds.</summary>
public sealed class EventMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Events";

    private static readonly double[] Buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter meter;
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

    public EventMetrics(IMeterFactory meters)
    {
        meter = meters.Create(SourceName);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets };
        appended = meter.CreateCounter<long>("recsys_log_changes", description: "Changes that a commit answered, by outcome");
        refused = meter.CreateCounter<long>("recsys_log_posts_refused", description: "Posts refused before or in a commit, by reason");
        deadLetters = meter.CreateCounter<long>("recsys_dead_letters",
            description: "Changes that the store could not take; kept is false when the file was full");
        commit = meter.CreateHistogram("recsys_log_commit_duration", "s", "Duration of one commit", tags: null, advice: advice);
        commitChanges = meter.CreateHistogram<long>("recsys_log_commit_changes", description: "Changes that shared one commit");
        folded = meter.CreateCounter<long>("recsys_log_entries_folded", description: "Entries folded into the state");
        foldDelay = meter.CreateHistogram("recsys_fold_delay", "s", "From the end of a commit until its entries were folded", tags: null,
            advice: advice);
        recorded = meter.CreateCounter<long>("recsys_contributions_recorded", description: "Contributions recorded beside the log");
        resolverLosses =
            meter.CreateCounter<long>("recsys_resolver_losses", description: "Times that another process had recorded contributions first");
        snapshot = meter.CreateHistogram("recsys_snapshot_duration", "s", "Time to write one state snapshot", tags: null, advice: advice);
        snapshotFailures = meter.CreateCounter<long>("recsys_snapshot_failures", description: "State snapshots that could not be written");
    }

    internal void Observe(PostQueue queue) =>
        meter.CreateObservableGauge("recsys_log_waiting_changes", () => queue.Waiting, description: "Live changes that wait to be written");

    internal void Observe(LiveState state, EventTail tail)
    {
        meter.CreateObservableGauge("recsys_log_unfolded", () => tail.Unfolded,
            description: "Entries written and not yet folded, as far as is known");
        meter.CreateObservableGauge("recsys_log_position", () => state.Position, description: "Position up to which the state is folded");
        meter.CreateObservableGauge("recsys_users_in_memory", () => state.Users.Count, description: "Users held in memory");
    }

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
