using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>How far one model is above another, each user's figure being the mean over the seeds.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Against">Name of the other one.</param>
/// <param name="Figure">Name from <see cref="Figures"/>.</param>
/// <param name="Difference">Mean over the users.</param>
/// <param name="Interval">95 %, paired bootstrap by user over the means of these seeds; how far other seeds would lie is not in it.</param>
public sealed record SeedDifference(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("against")] string Against,
    [property: JsonPropertyName("figure")] string Figure,
    [property: JsonPropertyName("difference")] double Difference,
    [property: JsonPropertyName("interval")] Interval Interval);
