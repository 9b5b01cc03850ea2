namespace RecSys.Core.Models;

/// <summary>How a new model comes to serve, section <c>Rollout</c>.</summary>
public sealed class RolloutOptions
{
    public const string SectionName = "Rollout";

    /// <summary>Default <see cref="RolloutMode.Immediate"/>.</summary>
    public RolloutMode Mode { get; set; }
}
