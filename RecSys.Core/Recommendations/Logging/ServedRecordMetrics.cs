using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>What becomes of the records of answered requests.</summary>
public sealed class ServedRecordMetrics
{
    private readonly Counter<long> stored;
    private readonly Counter<long> dropped;
    private readonly Counter<long> lost;
    private readonly Counter<long> unsteady;

    public ServedRecordMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(PipelineMetrics.SourceName);
        stored = meter.CreateCounter<long>("recsys_served_records_stored", description: "Answered requests that were stored")
            .Noted("as many as recsys_recommendations_total, and one for each next page");
        dropped = meter.CreateCounter<long>("recsys_served_records_dropped",
                description: "Answered requests that were not stored because the queue was full")
            .Noted("0; else the disk is too slow: training and skew check miss these requests");
        lost = meter.CreateCounter<long>("recsys_served_records_lost", description: "Answered requests that the store refused")
            .Noted("0; the log says why");
        unsteady = meter.CreateCounter<long>(
                "recsys_served_features_unsteady",
                description: "Sampled requests kept without features because an entry was folded while they were computed")
            .Noted("few beside those stored; many leave the skew check little to compare");
    }

    internal void Stored(int records) => stored.Add(records);

    internal void Dropped() => dropped.Add(1);

    internal void Lost(int records) => lost.Add(records);

    internal void Unsteady() => unsteady.Add(1);
}
