using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>A place in the list of stages.</summary>
/// <param name="Stage">Class of the stage; it has to be registered, once.</param>
/// <param name="Budget">See <see cref="StageEntry"/>.</param>
/// <param name="OnFailure">See <see cref="StageEntry"/>.</param>
/// <param name="DegradedAs">See <see cref="StageEntry"/>.</param>
/// <param name="Part">See <see cref="StageEntry"/>.</param>
internal sealed record ListedStage(Type Stage, TimeSpan Budget, FailurePolicy OnFailure, string? DegradedAs, RequestPart Part);
