using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>How many servers are wanted, section <c>Autoscaling</c>. The server only says it; what follows it is outside.</summary>
public sealed class AutoscalingOptions : IValidatableObject
{
    public const string SectionName = "Autoscaling";

    /// <summary>Fewest servers. Default 3.</summary>
    [Range(1, 100_000)]
    public int MinReplicas { get; set; } = 3;

    /// <summary>Most servers. Default 200.</summary>
    [Range(1, 100_000)]
    public int MaxReplicas { get; set; } = 200;

    /// <summary>Servers more at a step up. Default 20.</summary>
    [Range(1, 10_000)]
    public int StepUp { get; set; } = 20;

    /// <summary>Most servers fewer at a step down. Default 10.</summary>
    [Range(1, 10_000)]
    public int StepDown { get; set; } = 10;

    /// <summary>Mean latency above which servers are added, milliseconds. Default 80.</summary>
    [Range(1.0, 60_000.0)]
    public double HighLatencyMs { get; set; } = 80;

    /// <summary>Mean latency below which some may go, milliseconds. Default 40.</summary>
    [Range(1.0, 60_000.0)]
    public double LowLatencyMs { get; set; } = 40;

    /// <summary>Share of the processors above which servers are added. Default 0.7.</summary>
    [Range(0.01, 1)]
    public double HighCpu { get; set; } = 0.7;

    /// <summary>Share of the processors below which some may go. Default 0.4.</summary>
    [Range(0.01, 1)]
    public double LowCpu { get; set; } = 0.4;

    /// <summary>Seconds after a step before the next step up: as long as a new server takes to bear load. Default 180.</summary>
    [Range(0, 86_400)]
    public int UpCooldownSeconds { get; set; } = 180;

    /// <summary>Seconds after a step before the next step down. Default 900.</summary>
    [Range(0, 86_400)]
    public int DownCooldownSeconds { get; set; } = 900;

    /// <summary>A name that resolves to the address of every server, such as that of a headless service, to count them; null (default):
    /// there is one.</summary>
    [StringLength(253, MinimumLength = 1)]
    public string? Peers { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinReplicas > MaxReplicas)
            yield return new ValidationResult("Autoscaling:MinReplicas must not be above MaxReplicas.", [nameof(MinReplicas)]);
        if (LowLatencyMs >= HighLatencyMs)
            yield return new ValidationResult("Autoscaling:LowLatencyMs must be below HighLatencyMs.", [nameof(LowLatencyMs)]);
        if (LowCpu >= HighCpu) yield return new ValidationResult("Autoscaling:LowCpu must be below HighCpu.", [nameof(LowCpu)]);
        if (UpCooldownSeconds > DownCooldownSeconds)
            yield return new ValidationResult("Autoscaling:UpCooldownSeconds must not be above DownCooldownSeconds.",
                [nameof(UpCooldownSeconds)]);
    }
}
