using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>How much a forest leans on a feature.</summary>
/// <param name="Feature">Name in the catalogue.</param>
/// <param name="GainShare">Share of the loss reduction of all splits that fell on the feature, 0 to 1.</param>
/// <param name="AucLoss">How far the AUC on the test impressions falls when the feature's values are shuffled among the rows; null where
/// not measured.</param>
public sealed record FeatureImportance(
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("gain_share")] double GainShare,
    [property: JsonPropertyName("auc_loss")] double? AucLoss);
