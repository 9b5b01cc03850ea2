using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>A figure of a model over several seeds.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Figure">Name from <see cref="Figures"/>.</param>
/// <param name="Mean">Over the seeds.</param>
/// <param name="Deviation">Standard deviation over the seeds, with n - 1; 0 for one seed.</param>
public sealed record SeedFigure(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("figure")] string Figure,
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("deviation")] double Deviation);
