using System.Text.Json.Serialization;

namespace RecSys.Core.Models;

/// <summary>
/// Content of <c>golden.json</c>: inputs with the results the models gave when the bundle was written. Every load repeats them, so a
/// model that parses but computes something else is found before it serves.
/// </summary>
internal sealed record GoldenSet
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<GoldenQuery> Queries { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<GoldenRow> Rows { get; init; }

    /// <summary>What the item tower makes of some items; absent where the bundle has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GoldenItem>? Items { get; init; }
}

/// <summary>A user and what retrieval finds.</summary>
/// <param name="History">Item rows, oldest first.</param>
/// <param name="Profile">Buckets of the user tower's profile table.</param>
/// <param name="Embedding">The user embedding.</param>
/// <param name="Top">Item rows nearest to it by exact search, best first; ten, or all items when there are fewer.</param>
/// <param name="Found">Item rows that the bundle's own index finds, which may be others; absent where it has none.</param>
internal sealed record GoldenQuery(
    int[] History, int[] Profile, float[] Embedding, int[] Top,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Found = null);

/// <summary>A row of the feature matrix and what the ranker makes of it.</summary>
/// <param name="Features">In the order of the manifest's names; NaN means missing.</param>
/// <param name="RawScore">Log-odds of the forest.</param>
/// <param name="Probability">After calibration.</param>
internal sealed record GoldenRow(float[] Features, double RawScore, double Probability);

/// <summary>The content of an item and its embedding.</summary>
/// <param name="Row">Row whose id the item has; -1: read by its content alone.</param>
/// <param name="Content">Its content.</param>
/// <param name="Embedding">What the item tower gives.</param>
internal sealed record GoldenItem(int Row, Domain.Item Content, float[] Embedding);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(GoldenSet))]
internal sealed partial class GoldenJson : JsonSerializerContext;
