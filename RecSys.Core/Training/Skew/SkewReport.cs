using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Skew;

/// <summary>What the skew check found.</summary>
/// <param name="Requests">Requests compared.</param>
/// <param name="Rows">Served items compared.</param>
/// <param name="ToleratedShare">Share of mismatches above which a feature counts as skewed.</param>
/// <param name="Skipped">Logged requests that could not be compared, by reason.</param>
/// <param name="Features">All features, the one with the most mismatches first.</param>
public sealed record SkewReport(
    [property: JsonPropertyName("requests")] int Requests,
    [property: JsonPropertyName("rows")] int Rows,
    [property: JsonPropertyName("tolerated_share")] double ToleratedShare,
    [property: JsonPropertyName("skipped")] IReadOnlyDictionary<string, int> Skipped,
    [property: JsonPropertyName("features")] IReadOnlyList<FeatureSkew> Features)
{
    /// <summary>Names of the features with a larger share of mismatches than is tolerated, the worst first.</summary>
    [JsonPropertyName("skewed")]
    public IReadOnlyList<string> Skewed { get; } =
        [.. Features.Where(feature => feature.Share > ToleratedShare).Select(feature => feature.Name)];

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SkewJson.Default.SkewReport);

    /// <summary>A plain text table of the features with mismatches, and one line for all others.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Requests} requests, {Rows} rows, {Features.Count} features\n");
        foreach (var (reason, count) in Skipped) text.Append(CultureInfo.InvariantCulture, $"not compared: {count} requests, {reason}\n");
        var differing = Features.Where(feature => feature.Mismatches > 0).ToList();
        var width = Math.Max("feature".Length, differing.Select(feature => feature.Name.Length).DefaultIfEmpty(0).Max());
        if (differing.Count > 0) text.Append("feature".PadRight(width)).Append("  mismatches  share    max difference  mean difference\n");
        foreach (var feature in differing)
        {
            text.Append(feature.Name.PadRight(width)).Append(CultureInfo.InvariantCulture,
                $"  {feature.Mismatches,10}  {feature.Share,5:P1}  {feature.MaxDifference,14:G6}  {feature.MeanDifference,15:G6}\n");
        }
        var rest = Features.Where(feature => feature.Mismatches == 0).ToList();
        if (rest.Count > 0)
            text.Append(CultureInfo.InvariantCulture,
                $"{rest.Count} features without a mismatch, largest difference {rest.Max(feature => feature.MaxDifference):G3}\n");
        return text.ToString();
    }
}

[JsonSerializable(typeof(SkewReport))]
internal sealed partial class SkewJson : JsonSerializerContext;
