using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>An interval of a figure by resampling: 95 % where nothing else is said.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval([property: JsonPropertyName("low")] double Low, [property: JsonPropertyName("high")] double High)
{
    /// <summary>Half of its width.</summary>
    [JsonIgnore]
    public double Half => (High - Low) / 2;
}
