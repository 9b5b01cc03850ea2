using System.Globalization;
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
    private static readonly (string Header, Func<EvaluationRow, double?> Value)[] Columns =
    [
        ("hr@10", row => row.HitRateAt10),
        ("hr@50", row => row.HitRateAt50),
        ("ndcg@10", row => row.NdcgAt10),
        ("mrr", row => row.Mrr),
        ("recall@500", row => row.RecallAt500),
        ("coverage", row => row.Coverage),
        ("auc", row => row.Auc),
        ("gauc", row => row.Gauc),
        ("log_loss", row => row.LogLoss),
        ("ece", row => row.Ece),
    ];

    /// <summary>What was chosen for the baselines on the validation part; null where there are none.</summary>
    [JsonPropertyName("baselines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BaselineSettings? Baselines { get; init; }

    /// <summary>What groups of features add; null where not measured.</summary>
    [JsonPropertyName("groups"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupContribution>? Groups { get; init; }

    /// <summary>The features that the ranker leans on most, largest gain first; null without a ranker.</summary>
    [JsonPropertyName("importance"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }

    /// <summary>Predicted against observed click rates of the two-stage model; null where there are no impressions.</summary>
    [JsonPropertyName("reliability"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReliabilityBin>? Reliability { get; init; }

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
            throw new RecSysException($"The evaluation report is not readable ({e.Message}); run evaluate again.", e);
        }
    }

    /// <summary>A plain text table with four decimals; a dash where a metric does not apply.</summary>
    public string ToTable()
    {
        var width = Math.Max("model".Length, Rows.Select(row => row.Model.Length).DefaultIfEmpty(0).Max());
        var text = new StringBuilder();
        text.Append("protocol: ").Append(Protocol).Append('\n');
        text.Append("model".PadRight(width)).Append("  knows");
        foreach (var (header, _) in Columns) text.Append("  ").Append(header.PadLeft(Width(header)));
        text.Append('\n');
        foreach (var row in Rows)
        {
            text.Append(row.Model.PadRight(width)).Append("  ").Append(Name(row.Knows).PadRight(5));
            foreach (var (header, value) in Columns) text.Append("  ").Append(Cell(value(row)).PadLeft(Width(header)));
            text.Append('\n');
        }
        text.Append(Legend);
        if (Baselines is { } chosen) text.Append("chosen on validation: ").Append(chosen).Append('\n');
        EvaluationDetails.Append(text, this);
        return text.ToString();
    }

    private const string Legend = "knows, when it is asked: cut = what was before the cut, user = also what the user did before the request, "
        + "all = everything before it\n";

    private static string Name(Knowledge knows) => JsonNamingPolicy.SnakeCaseLower.ConvertName(knows.ToString());

    private static int Width(string header) => Math.Max(header.Length, 6);

    private static string Cell(double? value) => Known(value)?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

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
    };
}

[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
