using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Histograms of the features of <see cref="ReferenceRows"/>, against which served features are compared for drift:
/// <c>feature_reference.json</c>.
/// </summary>
internal static class FeatureReference
{
    /// <summary>
    /// Per feature: <c>edges</c> e[0] &lt; e[1] &lt; ... and <c>counts</c>, where counts[i] is the number of values v with e[i-1] &lt;= v
    /// &lt; e[i] (the first bin is open below, the last open above), and <c>missing</c>, the number of NaN.
    /// </summary>
    /// <param name="values">Rows as they are met in serving, row-major.</param>
    /// <param name="catalogue">Names the columns.</param>
    public static string ToJson(ReadOnlySpan<float> values, FeatureCatalogue catalogue)
    {
        var features = new Dictionary<string, FeatureHistogram>(catalogue.Count);
        for (var column = 0; column < catalogue.Count; column++)
            features[catalogue.Names[column]] = Histogram(values, column, catalogue.Count, [.. catalogue.Features[column].DriftBins]);
        return JsonSerializer.Serialize(new FeatureHistograms(values.Length / catalogue.Count, features),
            FeatureReferenceJson.Default.FeatureHistograms);
    }

    private static FeatureHistogram Histogram(ReadOnlySpan<float> values, int column, int width, float[] edges)
    {
        var counts = new int[edges.Length + 1];
        var missing = 0;
        for (var at = column; at < values.Length; at += width)
        {
            var value = values[at];
            if (float.IsNaN(value))
            {
                missing++;
                continue;
            }
            var found = Array.BinarySearch(edges, value);
            counts[found >= 0 ? found + 1 : ~found]++;
        }
        return new FeatureHistogram(edges, counts, missing);
    }
}

/// <param name="Rows">Rows looked at.</param>
/// <param name="Features">By feature name.</param>
internal sealed record FeatureHistograms(int Rows, Dictionary<string, FeatureHistogram> Features);

/// <param name="Edges">Ascending.</param>
/// <param name="Counts">One more than edges.</param>
/// <param name="Missing">Rows without a value.</param>
internal sealed record FeatureHistogram(float[] Edges, int[] Counts, int Missing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FeatureHistograms))]
internal sealed partial class FeatureReferenceJson : JsonSerializerContext;
