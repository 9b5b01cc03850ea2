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

    public PipelineMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets };
        stageDuration = meter.CreateHistogram("recsys_stage_duration", "s", "Duration of one pipeline stage", tags: null, advice: advice);
        stageFailures = meter.CreateCounter<long>("recsys_stage_failures", description: "Stages that threw or ran out of time");
        overruns = meter.CreateCounter<long>("recsys_stage_overruns", description: "Stages that finished later than their budget");
        cutShort = meter.CreateCounter<long>("recsys_stage_cut_short", description: "Stages that stopped at their budget with a part of their work done");
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
}
