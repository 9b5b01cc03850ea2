using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Skew;

/// <summary>One feature as served against the same feature from the replay.</summary>
/// <param name="Name">Name in the catalogue.</param>
/// <param name="Rows">Values compared.</param>
/// <param name="Mismatches">Values that differ, see <see cref="SkewTally.Differs"/>.</param>
/// <param name="MaxDifference">Largest absolute difference where both values are numbers.</param>
/// <param name="MeanDifference">Mean absolute difference where both values are numbers.</param>
public sealed record FeatureSkew(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("rows")] int Rows,
    [property: JsonPropertyName("mismatches")] int Mismatches,
    [property: JsonPropertyName("max_difference")] double MaxDifference,
    [property: JsonPropertyName("mean_difference")] double MeanDifference)
{
    /// <summary>Mismatches per row, 0 to 1.</summary>
    [JsonPropertyName("share")]
    public double Share => Rows == 0 ? 0 : Mismatches / (double)Rows;
}
