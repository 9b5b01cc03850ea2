using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>What it takes to repeat an evaluation, and how long it took.</summary>
/// <param name="CodeVersion">Version and commit of the program.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Settings">All settings of training in force.</param>
/// <param name="Seconds">Time by step.</param>
public sealed record EvaluationRun(
    [property: JsonPropertyName("code_version")] string CodeVersion,
    [property: JsonPropertyName("seed")] int Seed,
    [property: JsonPropertyName("settings")] JsonElement Settings,
    [property: JsonPropertyName("seconds")] IReadOnlyDictionary<string, double> Seconds);
