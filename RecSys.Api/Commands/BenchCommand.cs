using System.CommandLine;
using RecSys.Api.Commands.Bench;
using RecSys.Api.Commands.Bench.Alerts;
using RecSys.Api.Commands.Bench.Gate;

namespace RecSys.Api.Commands;

/// <summary><c>bench</c>: measurements that print JSON lines. Run them with <c>-c Release</c> on a quiet machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure a part of the system; prints JSON lines")
    {
        ExactIndexBench.Create(),
        RetrievalBench.Create(),
        FilterBench.Create(),
        FilteredSearchBench.Create(),
        RankingBench.Create(),
        WorldBench.Create(),
        LoadBench.Create(),
        RecommendBench.Create(),
        TwoStageBench.Create(),
        MonitoringBench.Create(),
        AlertsBench.Create(),
        DriftBench.Create(),
        SwapBench.Create(),
        EventsBench.Create(),
        KillsBench.Create(),
        ReplayBench.Create(),
        FeatureBench.Create(),
        FuzzBench.Create(),
        ImportFuzzBench.Create(),
        CatalogBench.Create(),
        LogBench.Create(),
        GateBench.Create(),
        NightBench.Create(),
    };
}
