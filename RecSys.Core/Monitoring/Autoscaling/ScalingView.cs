namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>A decision with what it went by.</summary>
/// <param name="State">The decision.</param>
/// <param name="Input">What it went by; null before the first.</param>
public sealed record ScalingView(ScalingState State, ScalingInput? Input);
