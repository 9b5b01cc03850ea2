using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>The figures of one model under one protocol; null where a metric does not apply.</summary>
public sealed record EvaluationRow
{
    /// <summary>Name of the model, such as <c>popular</c>, <c>retrieval</c> or <c>two-stage</c>.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>What it knew when it was asked.</summary>
    [JsonPropertyName("knows")]
    public Knowledge Knows { get; init; }

    /// <summary>Share of users whose test item is among the first 10.</summary>
    [JsonPropertyName("hr@10")]
    public double? HitRateAt10 { get; init; }

    /// <summary>Share of users whose test item is among the first 50.</summary>
    [JsonPropertyName("hr@50")]
    public double? HitRateAt50 { get; init; }

    [JsonPropertyName("ndcg@10")]
    public double? NdcgAt10 { get; init; }

    /// <summary>Mean of 1 / rank over the whole catalogue.</summary>
    [JsonPropertyName("mrr")]
    public double? Mrr { get; init; }

    [JsonPropertyName("recall@500")]
    public double? RecallAt500 { get; init; }

    /// <summary>Share of the catalogue that is in the first 10 of at least one user.</summary>
    [JsonPropertyName("coverage")]
    public double? Coverage { get; init; }

    [JsonPropertyName("auc")]
    public double? Auc { get; init; }

    [JsonPropertyName("gauc")]
    public double? Gauc { get; init; }

    /// <summary>In nats.</summary>
    [JsonPropertyName("log_loss")]
    public double? LogLoss { get; init; }

    /// <summary>Expected calibration error over 10 bins of equal count.</summary>
    [JsonPropertyName("ece")]
    public double? Ece { get; init; }
}
