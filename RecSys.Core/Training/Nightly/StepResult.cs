using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Nightly;

/// <summary>What is kept of a finished step: <c>steps/NN-name.json</c>, written behind its files.</summary>
public sealed record StepResult
{
    [JsonPropertyName("step")]
    public required string Step { get; init; }

    /// <summary>One line in words.</summary>
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    /// <summary>True: the run ended here.</summary>
    [JsonPropertyName("stopped")]
    public bool Stopped { get; init; }

    [JsonPropertyName("started_at")]
    public required DateTimeOffset StartedAt { get; init; }

    [JsonPropertyName("ended_at")]
    public required DateTimeOffset EndedAt { get; init; }

    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    /// <summary>
    /// Processor time of the process while the step ran, all threads together: what it costs on a machine that others use, too.
    /// </summary>
    [JsonPropertyName("cpu_seconds")]
    public double CpuSeconds { get; init; }

    /// <summary>Largest working set of the process while the step ran, looked at ten times a second.</summary>
    [JsonPropertyName("peak_memory_bytes")]
    public required long PeakMemoryBytes { get; init; }

    [JsonPropertyName("inputs")]
    public required IReadOnlyList<StepFile> Inputs { get; init; }

    [JsonPropertyName("outputs")]
    public required IReadOnlyList<StepFile> Outputs { get; init; }

    [JsonPropertyName("counts")]
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Tables for a person; empty for none.</summary>
    [JsonPropertyName("text")]
    public string Text { get; init; } = "";
}
