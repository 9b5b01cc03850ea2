using RecSys.Core.Domain;

namespace RecSys.Core.Pipeline;

/// <summary>A stage with its terms in one pipeline.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Budget">When a stage that waits is cancelled, and one that asks for the time stops; see <see
/// cref="PipelineRunner"/>.</param>
/// <param name="OnFailure">What a failure means.</param>
/// <param name="DegradedAs">Name shown in the reply's <c>degraded</c> list when the stage fails open or is cut short; the stage's name when
/// null.</param>
/// <param name="Part">What its time counts as.</param>
public sealed record StageEntry(
    IStage Stage, TimeSpan Budget, FailurePolicy OnFailure, string? DegradedAs = null, RequestPart Part = RequestPart.BusinessLogic);
