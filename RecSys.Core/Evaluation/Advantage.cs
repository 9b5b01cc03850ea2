using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>How far a model is above the best baseline.</summary>
/// <param name="Baseline">Name of that baseline.</param>
/// <param name="Difference">The model's figure less the baseline's; below 0 is better where <see cref="Figures.IsLoss"/>.</param>
/// <param name="Interval">Paired 95 % interval of the difference; null where too little was resampled to tell.</param>
public sealed record Advantage(
    [property: JsonPropertyName("baseline")] string Baseline,
    [property: JsonPropertyName("difference")] double Difference,
    [property: JsonPropertyName("interval")] Interval? Interval)
{
    /// <summary>The baseline is the best by NDCG@10 on validation.</summary>
    public const string OnValidation = "validation";

    /// <summary>
    /// It is the best by this very figure on the test, for want of a choice on validation: harder to beat than one chosen before.
    /// </summary>
    public const string OnTest = "test";

    /// <summary><see cref="OnValidation"/> or <see cref="OnTest"/>.</summary>
    [JsonPropertyName("best_on")]
    public string BestOn { get; init; } = OnTest;
}
