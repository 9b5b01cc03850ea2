using System.Globalization;
using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Whether the position at which items were shown is a feature of the ranker, and the figures that decided it. Areas under the curve are
/// those of the earlier place against the click; 0.5 says nothing, null that nothing could be compared.
/// </summary>
/// <param name="Used">True: the ranker learns from the position as position bias. False: it is 0 in training as in serving.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record PositionFinding(
    [property: JsonPropertyName("used")] bool Used,
    [property: JsonPropertyName("reason")] string Reason)
{
    /// <summary>Impressions with a position that were looked at.</summary>
    [JsonPropertyName("impressions")]
    public int Impressions { get; init; }

    /// <summary>Of all impressions together: what the feature would seem to be worth.</summary>
    [JsonPropertyName("auc_alone")]
    public double? Alone { get; init; }

    /// <summary>Of the length of the list in place of the position.</summary>
    [JsonPropertyName("auc_list_length")]
    public double? LengthAlone { get; init; }

    /// <summary>Within lists.</summary>
    [JsonPropertyName("auc_within_lists")]
    public double? WithinLists { get; init; }

    /// <summary>Standard errors by which that is above 0.5.</summary>
    [JsonPropertyName("within_lists_deviations")]
    public double WithinListsDeviations { get; init; }

    /// <summary>Within the impressions of one item in lists of one length.</summary>
    [JsonPropertyName("auc_within_items")]
    public double? WithinItems { get; init; }

    /// <summary>Standard errors by which that is above 0.5.</summary>
    [JsonPropertyName("within_items_deviations")]
    public double WithinItemsDeviations { get; init; }

    /// <summary>
    /// There, the correlation of place and that feature of relevance which correlates most; 0 when none does beyond noise.
    /// </summary>
    [JsonPropertyName("relevance_correlation")]
    public double RelevanceCorrelation { get; init; }

    /// <summary>Name of that feature.</summary>
    [JsonPropertyName("relevance_feature"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RelevanceFeature { get; init; }

    private const string UsedText = "used as position bias: ";

    /// <summary>One line.</summary>
    public string ToText() => (Used ? UsedText : "left out: ") + Reason
        + (Impressions == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"; auc of the place alone {Cell(Alone)}, of the list's length {Cell(LengthAlone)}, within lists {Cell(WithinLists)} "
                + $"({WithinListsDeviations:0.0} deviations), within items {Cell(WithinItems)} ({WithinItemsDeviations:0.0}), correlation "
                + $"with relevance {RelevanceCorrelation:0.000}, {Impressions} impressions"));

    private static string Cell(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
