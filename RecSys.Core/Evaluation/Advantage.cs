using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>How far a model is above the baseline that is best by the same figure.</summary>
/// <param name="Baseline">Name of that baseline.</param>
/// <param name="Difference">The model's figure less the baseline's.</param>
/// <param name="Interval">Paired 95 % interval of the difference; null where too little was resampled to tell.</param>
public sealed record Advantage(
    [property: JsonPropertyName("baseline")] string Baseline,
    [property: JsonPropertyName("difference")] double Difference,
    [property: JsonPropertyName("interval")] Interval? Interval);
