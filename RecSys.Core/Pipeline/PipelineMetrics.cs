using System.Diagnostics;
using System.Diagnostics.Metrics;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Core.Pipeline;

/// <summary>Instruments and spans of the pipeline. Durations in seconds.</summary>
public sealed class PipelineMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "RecSys.Pipeline";

    private static readonly string[] Levels = ["L0", "L1", "L2", "L3", "L4"];

    private readonly Histogram<double> stageDuration;
    private readonly Counter<long> stageFailures;
    private readonly Counter<long> overruns;
    private readonly Counter<long> cutShort;
    private readonly Histogram<double> requestDuration;
    private readonly Counter<long> levels;
    private readonly Counter<long> degraded;
    private readonly Counter<long> notPersonal;
    private readonly Counter<long> places;
    private long replies;
    private long degradedReplies;

    public PipelineMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        stageDuration = meter
            .CreateHistogram("recsys_stage_duration", "s", "Duration of one pipeline stage", tags: null, advice: DurationBuckets.OfRequests)
            .Noted("which stage a slow request spends its time in, beside its budget in docs/architecture.md", "stage");
        stageFailures = meter.CreateCounter<long>("recsys_stage_failures", description: "Stages that threw or ran out of time")
            .Noted("0 when all is well; the log says why, once a minute", "stage");
        overruns = meter.CreateCounter<long>("recsys_stage_overruns", description: "Stages that finished later than their budget")
            .Noted("a share of the requests that grows: too little processor, or a budget too small for the catalogue", "stage");
        cutShort = meter.CreateCounter<long>("recsys_stage_cut_short",
                description: "Stages that stopped at their budget with a part of their work done")
            .Noted("as overruns; these replies are degraded", "stage");
        requestDuration = meter.CreateHistogram("recsys_recommendation_duration", "s", "Duration of all stages of one request", tags: null,
                advice: DurationBuckets.OfRequests)
            .Noted("p99 against 85 and 150 ms; http_server_request_duration_seconds has HTTP in it");
        levels = meter.CreateCounter<long>("recsys_recommendations",
                description: "Lists that were served, by the level of the fallback ladder")
            .Noted("the share that is not L0: more than 1 in 1,000 means that something the server depends on fails", "level");
        degraded = meter.CreateCounter<long>("recsys_recommendations_degraded",
                description: "Replies that a fault or lack of time made worse, by what it was")
            .Noted("what is failing", "how");
        notPersonal = meter.CreateCounter<long>(
                "recsys_recommendations_not_personal", description: "Replies that are not personal although nothing failed, by the reason")
            .Noted("unknown_user that jumps: clients send other ids than the ones events come with", "reason");
        places = meter.CreateCounter<long>("recsys_places_served", description: "Places of served lists, by how they were filled")
            .Noted("explored by all places is the share of exploration, beside Exploration:Share", "slot");
    }

    /// <summary>Replies since the start, and those among them that a fault or lack of time made worse. Repeats in a small catalogue are no
    /// fault.</summary>
    public (long All, long Degraded) Replies => (Volatile.Read(ref replies), Volatile.Read(ref degradedReplies));

    internal static ActivitySource Activities { get; } = new(SourceName);

    internal void StageFinished(string stage, TimeSpan elapsed, bool late)
    {
        var tag = new KeyValuePair<string, object?>("stage", stage);
        stageDuration.Record(elapsed.TotalSeconds, tag);
        if (late) overruns.Add(1, tag);
    }

    internal void StageCutShort(string stage) => cutShort.Add(1, new KeyValuePair<string, object?>("stage", stage));

    internal void StageFailed(string stage) => stageFailures.Add(1, new KeyValuePair<string, object?>("stage", stage));

    /// <summary>Counts a finished request: how long it took, its level, and whether it is degraded or not personal.</summary>
    public void RequestFinished(RecommendationContext context)
    {
        requestDuration.Record(context.Elapsed.TotalSeconds);
        levels.Add(1, new KeyValuePair<string, object?>("level", Levels[context.FallbackLevel]));
        var faults = 0;
        for (var i = 0; i < context.Degraded.Count; i++)
        {
            degraded.Add(1, new KeyValuePair<string, object?>("how", context.Degraded[i]));
            if (context.Degraded[i] != RecommendationContext.Repeats) faults++;
        }
        if (faults > 0) Interlocked.Increment(ref degradedReplies);
        Interlocked.Increment(ref replies);
        if (context.NotPersonal is { } reason) notPersonal.Add(1, new KeyValuePair<string, object?>("reason", reason));
        // The places of a ranking are the caller's.
        if (context.Ranks) return;
        var explored = 0;
        foreach (ref readonly var candidate in context.Candidates.Items)
        {
            if (candidate.Slot == SlotKind.Explored) explored++;
        }
        if (context.Candidates.Count > explored)
            places.Add(context.Candidates.Count - explored, new KeyValuePair<string, object?>("slot", "ranked"));
        if (explored > 0) places.Add(explored, new KeyValuePair<string, object?>("slot", "explored"));
    }
}
