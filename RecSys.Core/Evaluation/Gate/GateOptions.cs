using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Evaluation.Gate;

/// <summary>What a new model must show before anybody is served by it. Gains and losses are relative.</summary>
public sealed class GateOptions
{
    /// <summary>Rule <c>improve</c>: least gain in AUC. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double MinAucGain { get; set; } = 0.01;

    /// <summary>Most that AUC may be lower in any segment, where the loss is no chance. Default 0.02.</summary>
    [Range(0.0, 1.0)]
    public double SegmentLoss { get; set; } = 0.02;

    /// <summary>Most that the 99th percentile of scoring a request may be slower. Default 0.2.</summary>
    [Range(0.0, 10.0)]
    public double LatencyLoss { get; set; } = 0.2;

    /// <summary>So many milliseconds slower it may be in any case: a share of next to nothing is nothing. Default 0.5.</summary>
    [Range(0.0, 1000.0)]
    public double LatencyLossMs { get; set; } = 0.5;

    /// <summary>Rule <c>refresh</c>: AUC and log loss are surely not worse by more than this. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double PredictionMargin { get; set; } = 0.01;

    /// <summary>Rule <c>refresh</c>: NDCG@10 and Recall@500 are surely not worse by more than this. Default 0.03.</summary>
    [Range(0.0, 1.0)]
    public double ListMargin { get; set; } = 0.03;

    /// <summary>
    /// Rule <c>refresh</c>: the champion is stale once the newest event that it learnt from is so many days older than the window's newest
    /// one. Default 1.
    /// </summary>
    [Range(0.0, 3650.0)]
    public double StaleAfterDays { get; set; } = 1;

    /// <summary>An AUC from here on is no success but a leak until somebody has proven otherwise. Default 0.98.</summary>
    [Range(0.5, 1)]
    public double MaxAuc { get; set; } = 0.98;

    /// <summary>A single feature of this AUC explains the label alone, which none should. Default 0.95.</summary>
    [Range(0.5, 1)]
    public double MaxFeatureAuc { get; set; } = 0.95;

    /// <summary>
    /// Largest gain in AUC that is ever believed where it is surely larger, and the bound while fewer than <see cref="MinNights"/> nights
    /// tell what is usual. Default 0.1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MaxAucGain { get; set; } = 0.1;

    /// <summary>From then on: so many standard deviations above the mean gain of past nights, but never below <see cref="MinAucGain"/>
    /// times two. Default 4.</summary>
    [Range(1.0, 100.0)]
    public double MaxDeviations { get; set; } = 4;

    /// <summary>Past nights that are enough to know what is usual. Default 5.</summary>
    [Range(2, 1000)]
    public int MinNights { get; set; } = 5;
}
