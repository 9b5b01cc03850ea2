using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Baselines;

namespace RecSys.Core.Evaluation;

/// <summary>Models side by side under one protocol: what <c>evaluate</c> prints and stores.</summary>
/// <param name="Protocol">How the figures were measured, such as <c>leave-one-out</c> or <c>time-split</c>.</param>
/// <param name="Rows">One per model, in the order of measuring.</param>
public sealed record EvaluationReport(
    [property: JsonPropertyName("protocol")] string Protocol,
    [property: JsonPropertyName("rows")] IReadOnlyList<EvaluationRow> Rows)
{
    /// <summary>Which items were to be predicted, where a protocol has several choices: a name of <see cref="TargetChoices"/>.</summary>
    [JsonPropertyName("target"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    /// <summary>How the data was split, a line each.</summary>
    [JsonPropertyName("notes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>What was learnt from and tested on.</summary>
    [JsonPropertyName("data"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvaluationData? Data { get; init; }

    /// <summary>How far the times tell what came before what.</summary>
    [JsonPropertyName("times"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeQuality? Times { get; init; }

    /// <summary>What it takes to repeat it.</summary>
    [JsonPropertyName("run"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvaluationRun? Run { get; init; }

    /// <summary>What the figures follow from, row by row; not part of the JSON.</summary>
    [JsonIgnore]
    public TestOutcomes? Outcomes { get; init; }

    /// <summary>What was chosen for the baselines on the validation part; null where there are none.</summary>
    [JsonPropertyName("baselines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BaselineSettings? Baselines { get; init; }

    /// <summary>What groups of features add; null where not measured.</summary>
    [JsonPropertyName("groups"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupContribution>? Groups { get; init; }

    /// <summary>The features that the ranker leans on most, largest gain first; null without a ranker.</summary>
    [JsonPropertyName("importance"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }

    /// <summary>Models fitted again with other seeds; null where they were fitted once.</summary>
    [JsonPropertyName("seeds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SeedStudy? Seeds { get; init; }

    /// <summary>Prediction metrics by what was known at each impression; null where there are no impressions.</summary>
    [JsonPropertyName("states"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StateRow>? States { get; init; }

    /// <summary>Predicted against observed click rates of the two-stage model; null where there are no impressions.</summary>
    [JsonPropertyName("reliability"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReliabilityBin>? Reliability { get; init; }

    /// <summary>Whether position is a feature of the ranker, and why; null where there are no impressions.</summary>
    [JsonPropertyName("position"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PositionFinding? Position { get; init; }

    /// <summary>The report of what a protocol found out.</summary>
    /// <param name="protocol">Its name.</param>
    /// <param name="outcomes">Row by row.</param>
    /// <param name="seed">Of the resamples.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    internal static EvaluationReport Of(string protocol, TestOutcomes outcomes, int seed, CancellationToken cancellationToken) =>
        new(protocol, EvaluationFigures.Rows(outcomes, seed, cancellationToken))
        {
            Outcomes = outcomes,
            Times = TimeQuality.Of(outcomes.Log, outcomes.Choices),
        };

    /// <summary>One line of JSON; NaN and infinities become null, because JSON has no word for them.</summary>
    public string ToJson()
    {
        var finite = this with
        {
            Rows = [.. Rows.Select(Finite)],
            Groups = Groups?.Select(group => group with { AucWithout = Known(group.AucWithout),
                AucAlone = Known(group.AucAlone) }).ToArray(),
            Importance = Importance?.Select(feature => feature with { AucLoss = Known(feature.AucLoss) }).ToArray(),
        };
        return JsonSerializer.Serialize(finite, EvaluationJson.Default.EvaluationReport);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="RecSysException">The text is not such a report.</exception>
    public static EvaluationReport FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EvaluationJson.Default.EvaluationReport)
                ?? throw new RecSysException("The evaluation report is empty; run evaluate again.");
        }
        catch (JsonException e)
        {
            throw new RecSysException($"The evaluation report is not readable ({JsonFaults.Describe(e)}); run evaluate again.", e);
        }
    }

    /// <summary>Plain text tables with four decimals; a dash where a metric does not apply.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.Append("protocol: ").Append(Protocol).Append(Target is null ? "" : $", target: {Target}").Append('\n');
        foreach (var note in Notes ?? []) text.Append(note).Append('\n');
        if (Data is { } data)
        {
            text.Append(data).Append('\n');
            foreach (var warning in data.Warnings()) text.Append(warning).Append('\n');
        }
        if (Times is { } times) text.Append(times).Append('\n');
        text.Append('\n');
        EvaluationTables.Append(text, this);
        if (Baselines is { } chosen) text.Append("chosen on validation: ").Append(chosen).Append('\n');
        EvaluationDetails.Append(text, this);
        return text.ToString();
    }

    private static double? Known(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static EvaluationRow Finite(EvaluationRow row) => row with
    {
        HitRateAt10 = Known(row.HitRateAt10),
        HitRateAt50 = Known(row.HitRateAt50),
        NdcgAt10 = Known(row.NdcgAt10),
        Mrr = Known(row.Mrr),
        RecallAt500 = Known(row.RecallAt500),
        Coverage = Known(row.Coverage),
        Auc = Known(row.Auc),
        Gauc = Known(row.Gauc),
        LogLoss = Known(row.LogLoss),
        Ece = Known(row.Ece),
        ListAuc = Known(row.ListAuc),
        ListNdcgAt10 = Known(row.ListNdcgAt10),
        ListMrr = Known(row.ListMrr),
    };
}

[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
