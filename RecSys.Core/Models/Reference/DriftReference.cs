using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Models.Reference;

/// <summary>
/// What served lists looked like to the model when it was made: <c>feature_reference.json</c> of a bundle, against which drift is measured.
/// </summary>
/// <param name="Rows">Rows looked at.</param>
/// <param name="Features">By feature name.</param>
public sealed record DriftReference(int Rows, Dictionary<string, FeatureHistogram> Features)
{
    // Bundles that do not say how many had this many rows of each request.
    private const int RowsPerRequest = 20;

    /// <summary>Most categories told apart; the rest is <see cref="OtherCategories"/>.</summary>
    public const int MostCategories = 60;

    /// <summary>Stands for the categories that have no row of their own, new ones too.</summary>
    public const string OtherCategories = "other";

    /// <summary>Inner edges of the histogram of click probabilities.</summary>
    public static float[] ScoreEdges { get; } = [0.001f, 0.002f, 0.005f, 0.01f, 0.02f, 0.03f, 0.05f, 0.08f, 0.12f, 0.2f, 0.3f, 0.5f, 0.7f];

    /// <summary>Inner edges of the histogram of <see cref="EmbeddingReference.Cosines"/>.</summary>
    public static float[] CosineEdges { get; } = [-0.4f, -0.2f, 0, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f];

    /// <summary>Requests that the rows are of; null in bundles that were made before it was kept.</summary>
    public int? Requests { get; init; }

    /// <summary>
    /// Places by the category of their item, the <see cref="MostCategories"/> most frequent ones and the others; null in bundles that were
    /// made before it was kept.
    /// </summary>
    public Dictionary<string, int>? Categories { get; init; }

    /// <summary>Click probabilities of the places; null in bundles that were made before they were kept.</summary>
    public FeatureHistogram? Scores { get; init; }

    /// <summary>User embeddings; null in bundles that were made before they were kept.</summary>
    public EmbeddingReference? Embedding { get; init; }

    /// <summary>Independent observations behind the histograms: rows of one request are alike.</summary>
    [JsonIgnore]
    public int Lists => Math.Max(1, Requests ?? Rows / RowsPerRequest);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DriftReferenceJson.Default.DriftReference);

    /// <summary>Reads the file of a bundle.</summary>
    /// <returns>Null where it holds no histograms.</returns>
    public static DriftReference? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var reference = JsonSerializer.Deserialize(json.Span, DriftReferenceJson.Default.DriftReference);
            return reference is { Features: not null, Rows: > 0 } ? reference : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DriftReference))]
internal sealed partial class DriftReferenceJson : JsonSerializerContext;
