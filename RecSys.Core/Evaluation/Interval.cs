using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>A 95 % interval, by bootstrap.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval([property: JsonPropertyName("low")] double Low, [property: JsonPropertyName("high")] double High)
{
    /// <summary>Half of its width.</summary>
    [JsonIgnore]
    public double Half => (High - Low) / 2;
}
