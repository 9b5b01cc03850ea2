using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RecSys.Core.Pipeline;

/// <summary>Instruments and spans of the pipeline. Durations in seconds.</summary>
public sealed class PipelineMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "RecSys.Pipeline";

    private static readonly double[] Buckets =
        [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1];

    private readonly Histogram<double> stageDuration;
    private readonly Counter<long> stageFailures;
    private readonly Counter<long> overruns;
    private readonly Counter<long> cutShort;
    private readonly Histogram<double> requestDuration;
    private readonly Counter<long> degraded;
    private readonly Counter<long> notPersonal;

    public PipelineMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets };
        stageDuration = meter.CreateHistogram("recsys_stage_duration", "s", "Duration of one pipeline stage", tags: null, advice: advice);
        stageFailures = meter.CreateCounter<long>("recsys_stage_failures", description: "Stages that threw or ran out of time");
        overruns = meter.CreateCounter<long>("recsys_stage_overruns", description: "Stages that finished later than their budget");
        cutShort = meter.CreateCounter<long>("recsys_stage_cut_short",
            description: "Stages that stopped at their budget with a part of their work done");
        requestDuration = meter.CreateHistogram("recsys_recommendation_duration", "s", "Duration of all stages of one request", tags: null,
            advice: advice);
        degraded = meter.CreateCounter<long>("recsys_recommendations_degraded",
            description: "Replies that a fault or lack of time made worse, by what it was");
        notPersonal = meter.CreateCounter<long>(
            "recsys_recommendations_not_personal", description: "Replies that are not personal although nothing failed, by the reason");
    }

    internal static ActivitySource Activities { get; } = new(SourceName);

    internal void StageFinished(string stage, TimeSpan elapsed, bool late)
    {
        var tag = new KeyValuePair<string, object?>("stage", stage);
        stageDuration.Record(elapsed.TotalSeconds, tag);
        if (late) overruns.Add(1, tag);
    }

    internal void StageCutShort(string stage) => cutShort.Add(1, new KeyValuePair<string, object?>("stage", stage));

    internal void StageFailed(string stage) => stageFailures.Add(1, new KeyValuePair<string, object?>("stage", stage));

    /// <summary>Counts a finished request: how long it took, and whether it is degraded or not personal.</summary>
    public void RequestFinished(RecommendationContext context)
    {
        requestDuration.Record(context.Elapsed.TotalSeconds);
        for (var i = 0; i < context.Degraded.Count; i++) degraded.Add(1, new KeyValuePair<string, object?>("how", context.Degraded[i]));
        if (context.NotPersonal is { } reason) notPersonal.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }
}
