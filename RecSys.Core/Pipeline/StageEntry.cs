namespace RecSys.Core.Pipeline;

/// <summary>A stage with its terms in one pipeline.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Budget">Longest time the request waits for the stage when it does not finish synchronously.</param>
/// <param name="OnFailure">What a failure means.</param>
/// <param name="DegradedAs">Name shown in the reply's <c>degraded</c> list when the stage fails open; the stage's name when null.</param>
public sealed record StageEntry(IStage Stage, TimeSpan Budget, FailurePolicy OnFailure, string? DegradedAs = null);
