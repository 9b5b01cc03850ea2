using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>What becomes of lists that are kept for their next pages.</summary>
public sealed class PagingMetrics
{
    private readonly Counter<long> displaced;
    private readonly Counter<long> asked;
    private Func<int> open = static () => 0;

    public PagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(PipelineMetrics.SourceName);
        meter.CreateObservableGauge("recsys_open_lists", () => open(), description: "Lists kept for their next pages")
            .Noted("beside Recommendations:OpenLists");
        displaced = meter.CreateCounter<long>("recsys_open_lists_displaced",
                description: "Lists that made room for others before their time was over")
            .Noted("0; else Recommendations:OpenLists is too small for the traffic, and next pages are gone early");
        asked = meter.CreateCounter<long>("recsys_next_pages", description: "Next pages that were asked for, by what became of it")
            .Noted("gone beside served: clients that ask after half an hour, or lists that made room early", "outcome");
    }

    /// <summary>Says from now on how many lists are kept.</summary>
    internal void Watch(Func<int> count) => open = count;

    internal void Displaced() => displaced.Add(1);

    internal void Served() => asked.Add(1, new KeyValuePair<string, object?>("outcome", "served"));

    internal void Gone() => asked.Add(1, new KeyValuePair<string, object?>("outcome", "gone"));
}
