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
    [JsonPropertyName(Figures.HitRateAt10)]
    public double? HitRateAt10 { get; init; }

    /// <summary>Share of users whose test item is among the first 50.</summary>
    [JsonPropertyName(Figures.HitRateAt50)]
    public double? HitRateAt50 { get; init; }

    [JsonPropertyName(Figures.NdcgAt10)]
    public double? NdcgAt10 { get; init; }

    /// <summary>Mean of 1 / rank over the whole catalogue.</summary>
    [JsonPropertyName(Figures.Mrr)]
    public double? Mrr { get; init; }

    [JsonPropertyName(Figures.RecallAt500)]
    public double? RecallAt500 { get; init; }

    /// <summary>Share of the catalogue that is in the first 10 of at least one user.</summary>
    [JsonPropertyName(Figures.Coverage)]
    public double? Coverage { get; init; }

    /// <summary>Over all impressions.</summary>
    [JsonPropertyName(Figures.Auc)]
    public double? Auc { get; init; }

    /// <summary>Inside each user, weighted by impressions.</summary>
    [JsonPropertyName(Figures.Gauc)]
    public double? Gauc { get; init; }

    /// <summary>In nats.</summary>
    [JsonPropertyName(Figures.LogLoss)]
    public double? LogLoss { get; init; }

    /// <summary>Expected calibration error over 10 bins of equal count.</summary>
    [JsonPropertyName(Figures.Ece)]
    public double? Ece { get; init; }

    /// <summary>Mean of the AUC inside each list in which some, not all, were clicked; every such list counts alike.</summary>
    [JsonPropertyName(Figures.ListAuc)]
    public double? ListAuc { get; init; }

    /// <summary>Mean over the same lists, a click being the grade 1.</summary>
    [JsonPropertyName(Figures.ListNdcg)]
    public double? ListNdcgAt10 { get; init; }

    /// <summary>Mean of 1 / rank of the first clicked item, over the same lists.</summary>
    [JsonPropertyName(Figures.ListMrr)]
    public double? ListMrr { get; init; }

    /// <summary>95 % intervals by figure, of resampled users.</summary>
    [JsonPropertyName("intervals"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Interval>? Intervals { get; init; }

    /// <summary>By figure, how far it is above the baseline to beat; null for baselines.</summary>
    [JsonPropertyName("above_best_baseline"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Advantage>? AboveBestBaseline { get; init; }

    /// <summary>A figure by its name; null where it does not apply.</summary>
    public double? this[string figure] => figure switch
    {
        Figures.HitRateAt10 => HitRateAt10,
        Figures.HitRateAt50 => HitRateAt50,
        Figures.NdcgAt10 => NdcgAt10,
        Figures.Mrr => Mrr,
        Figures.RecallAt500 => RecallAt500,
        Figures.Coverage => Coverage,
        Figures.Auc => Auc,
        Figures.Gauc => Gauc,
        Figures.LogLoss => LogLoss,
        Figures.Ece => Ece,
        Figures.ListAuc => ListAuc,
        Figures.ListNdcg => ListNdcgAt10,
        Figures.ListMrr => ListMrr,
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "No such figure."),
    };

    internal EvaluationRow With(string figure, double value, Interval? interval)
    {
        var row = figure switch
        {
            Figures.HitRateAt10 => this with { HitRateAt10 = value },
            Figures.HitRateAt50 => this with { HitRateAt50 = value },
            Figures.NdcgAt10 => this with { NdcgAt10 = value },
            Figures.Mrr => this with { Mrr = value },
            Figures.RecallAt500 => this with { RecallAt500 = value },
            Figures.Auc => this with { Auc = value },
            Figures.Gauc => this with { Gauc = value },
            Figures.LogLoss => this with { LogLoss = value },
            Figures.ListAuc => this with { ListAuc = value },
            Figures.ListNdcg => this with { ListNdcgAt10 = value },
            Figures.ListMrr => this with { ListMrr = value },
            _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "No such figure."),
        };
        if (interval is not { } known) return row;
        return row with { Intervals = new Dictionary<string, Interval>(row.Intervals ?? new Dictionary<string, Interval>())
            { [figure] = known } };
    }

    internal EvaluationRow Above(string figure, Advantage advantage) => this with
    {
        AboveBestBaseline = new Dictionary<string, Advantage>(AboveBestBaseline ?? new Dictionary<string, Advantage>())
            { [figure] = advantage },
    };
}
