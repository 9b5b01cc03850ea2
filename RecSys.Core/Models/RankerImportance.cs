using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>What the ranker of a bundle leans on, by feature: <see cref="BundleFiles.Importance"/>.</summary>
/// <param name="Metric"><c>auc</c> where it learnt from impressions, <c>ndcg@10</c> where from choices.</param>
/// <param name="Rows">Validation rows that the values were shuffled among.</param>
/// <param name="Value">The metric on these rows as they are; null where they do not define it.</param>
/// <param name="Features">All features, largest gain first.</param>
public sealed record RankerImportance(
    [property: JsonPropertyName("metric")] string Metric,
    [property: JsonPropertyName("rows")] int Rows,
    [property: JsonPropertyName("value")] double? Value,
    [property: JsonPropertyName("features")] IReadOnlyList<RankerFeature> Features)
{
    /// <summary>Reads the file from the folder of a bundle.</summary>
    /// <exception cref="RecSysException">The bundle has none, or it is of another form.</exception>
    public static async Task<RankerImportance> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, BundleFiles.Importance);
        if (!File.Exists(path))
            throw new RecSysException($"{folder} has no {BundleFiles.Importance}; train a new version, or look at the ones that models "
                + "list shows.");
        try
        {
            var read = JsonSerializer.Deserialize(
                await File.ReadAllBytesAsync(path, cancellationToken), RankerImportanceJson.Default.RankerImportance);
            if (read is { Metric: not null, Features: not null }) return read;
        }
        catch (JsonException)
        {
            // Told below, with what to do.
        }
        throw new RecSysException($"{path} is damaged or from an earlier version of this program; train a new version.");
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RankerImportanceJson.Default.RankerImportance);
}

/// <summary>One feature of <see cref="RankerImportance"/>.</summary>
/// <param name="Feature">Name in the catalogue.</param>
/// <param name="Gain">Loss reduction of all its splits.</param>
/// <param name="GainShare">The same as a share of all gains, 0 to 1.</param>
/// <param name="Loss">How far the metric falls when the feature's values are shuffled among the rows; 0 for a feature without splits, null
/// where the metric is not defined.</param>
public sealed record RankerFeature(
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("gain")] double Gain,
    [property: JsonPropertyName("gain_share")] double GainShare,
    [property: JsonPropertyName("loss")] double? Loss);

[JsonSerializable(typeof(RankerImportance))]
internal sealed partial class RankerImportanceJson : JsonSerializerContext;
