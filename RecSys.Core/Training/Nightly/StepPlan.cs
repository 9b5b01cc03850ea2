namespace RecSys.Core.Training.Nightly;

/// <summary>What a run would do with a step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Reason">Why it runs; null: its result is kept.</param>
/// <param name="Result">What is kept of it.</param>
public sealed record StepPlan(string Step, string? Reason, StepResult? Result);
