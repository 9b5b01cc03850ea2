namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>What a decision leaves for the next one.</summary>
/// <param name="Desired">Servers that are wanted; null before anything is known.</param>
/// <param name="Changed">When a step was taken last; null: never.</param>
/// <param name="Why">In words.</param>
public sealed record ScalingState(int? Desired, DateTimeOffset? Changed, string Why)
{
    /// <summary>Before the first decision.</summary>
    public static ScalingState First { get; } = new(null, null, "nothing was measured yet");
}
